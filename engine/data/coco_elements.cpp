// SPDX-License-Identifier: Apache-2.0
#include "engine/data/coco_elements.h"

#include <set>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::detail {
namespace {

using nlohmann::json;

constexpr std::size_t kMostValues = 4'000'000;  // in one element: a polygon of two million corners
constexpr int kDeepest = 8;                     // lists in objects in lists; COCO's own need five

bool isList(const std::string& name) { return name == "images" || name == "categories" || name == "annotations"; }

/// Keeps what the parser has just finished only until it was seen.
class ElementFilter {
public:
    using See = std::function<void(const std::string&, json&)>;
    ElementFilter(const std::string& where, CocoForm form, const See& see)
        : where_(where), lists_(form == CocoForm::Lists), see_(see) {}

    bool operator()(int depth, json::parse_event_t event, json& value) {
        if (depth == 0) return atTop(event);
        if (depth > kDeepest &&
            (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start))
            fail(" is nested too deeply");
        if (lists_ && depth == 1) return atList(event, value);
        if (lists_ && !isList(list_)) return true;  // inside of what is skipped
        const bool begins = event != json::parse_event_t::object_end && event != json::parse_event_t::array_end;
        if (begins && ++values_ > kMostValues) fail(" has an entry with millions of numbers");
        if (depth != elementDepth()) return true;
        if (event == json::parse_event_t::value) fail(" has an entry that is no object");
        if (event == json::parse_event_t::array_end) fail(" has an entry that is no object");
        if (event != json::parse_event_t::object_end) return true;
        values_ = 0;
        see_(list_, value);
        return false;
    }

    bool complete() const { return sawTop_; }

private:
    int elementDepth() const { return lists_ ? 2 : 1; }
    [[noreturn]] void fail(const char* what) const {
        throw Error(ErrorCode::BadFile, where_ + what + ".", "The file is damaged or of another kind.");
    }

    bool atTop(json::parse_event_t event) {
        const auto wanted = lists_ ? json::parse_event_t::object_start : json::parse_event_t::array_start;
        if (event == json::parse_event_t::value) return false;
        if (event == json::parse_event_t::object_start || event == json::parse_event_t::array_start) {
            if (event != wanted)
                throw Error(ErrorCode::BadFile,
                            where_ + (lists_ ? " is not a COCO annotation file." : " is not a COCO result file."),
                            lists_ ? "It is an object with the lists images, categories and annotations."
                                   : "It is a list of objects with image_id, category_id, bbox and score.");
            sawTop_ = true;
        }
        return true;
    }

    /// A key of the annotation file, or the end of its value.
    bool atList(json::parse_event_t event, const json& value) {
        if (event == json::parse_event_t::key) {
            list_ = value.get<std::string>();
            if (!isList(list_)) return false;  // its value is skipped
            if (!seen_.insert(list_).second) fail((" names \"" + list_ + "\" twice").c_str());
            return true;
        }
        if (isList(list_) && (event == json::parse_event_t::value || event == json::parse_event_t::object_start))
            fail((" has no list called " + list_).c_str());
        return true;
    }

    const std::string& where_;
    bool lists_;
    const See& see_;
    std::string list_;
    std::set<std::string> seen_;
    std::size_t values_ = 0;
    bool sawTop_ = false;
};

}  // namespace

void forEachCocoElement(std::string_view text, const std::string& where, CocoForm form,
                        const std::function<void(const std::string&, json&)>& see) {
    ElementFilter filter(where, form, see);
    // The library copies the callback; the state must not be copied with it.
    const json::parser_callback_t callback = [&filter](int depth, json::parse_event_t event, json& value) {
        return filter(depth, event, value);
    };
    try {
        [[maybe_unused]] const json rest = json::parse(text.begin(), text.end(), callback);
    } catch (const json::parse_error& error) {
        throw Error(ErrorCode::BadFile, where + " is not valid JSON at byte " + std::to_string(error.byte) + ".",
                    "The file is damaged or of another kind.");
    } catch (const json::exception&) {
        throw Error(ErrorCode::BadFile, where + " is not valid JSON.", "The file is damaged or of another kind.");
    }
    if (filter.complete()) return;
    throw Error(ErrorCode::BadFile, where + " is no COCO file.",
                "It is a list, or an object with lists, of what is in pictures.");
}

std::int64_t idIn(const json& element, const char* field, const std::string& what) {
    const auto found = element.find(field);
    if (found != element.end() && found->is_number_integer() &&
        !(found->is_number_unsigned() && found->get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX)))
        return found->get<std::int64_t>();
    throw Error(ErrorCode::BadFile, what + " has no whole number called " + field + ".",
                "COCO's files number pictures, categories and annotations.");
}

std::string textIn(const json& element, const char* field, const std::string& what) {
    const auto found = element.find(field);
    if (found != element.end() && found->is_string()) return found->get<std::string>();
    throw Error(ErrorCode::BadFile, what + " has no text called " + field + ".",
                "COCO's files name pictures and categories.");
}

}  // namespace vl::detail
