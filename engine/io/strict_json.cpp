// SPDX-License-Identifier: Apache-2.0
#include "engine/io/strict_json.h"

#include <set>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/core/text.h"

namespace vl::detail {
namespace {

using Json = nlohmann::json;

/// First pass: looks at structure only and builds nothing, so that hostile nesting costs no memory.
class StructureCheck final : public nlohmann::json_sax<Json> {
public:
    StructureCheck(const std::string& where, int maxDepth) : where_(where), maxDepth_(maxDepth) {}

    bool null() override { return true; }
    bool boolean(bool) override { return true; }
    bool number_integer(number_integer_t) override { return true; }
    bool number_unsigned(number_unsigned_t) override { return true; }
    bool number_float(number_float_t, const string_t&) override { return true; }
    bool string(string_t&) override { return true; }
    bool binary(binary_t&) override { return true; }
    bool start_object(std::size_t) override { return enter(); }
    bool start_array(std::size_t) override { return enter(); }
    bool end_object() override { return leave(); }
    bool end_array() override { return leave(); }

    bool key(string_t& name) override {
        if (keys_.back().insert(name).second) return true;
        throw Error(ErrorCode::BadFile, where_ + " names \"" + printable(name) + "\" twice.", "The file is damaged or forged.");
    }
    bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
        throw Error(ErrorCode::BadFile, where_ + " is not valid JSON at byte " + std::to_string(position) + ".",
                    "The file is damaged or of another kind.");
    }

private:
    bool enter() {
        keys_.emplace_back();
        if (static_cast<int>(keys_.size()) <= maxDepth_) return true;
        throw Error(ErrorCode::BadFile, where_ + " is nested too deeply.", "The file is damaged or forged.");
    }
    bool leave() {
        keys_.pop_back();
        return true;
    }

    const std::string& where_;
    int maxDepth_;
    std::vector<std::set<std::string>> keys_;
};

}  // namespace

Json parseStrictJson(std::string_view text, const std::string& where, int maxDepth) {
    StructureCheck check(where, maxDepth);
    Json::sax_parse(text.begin(), text.end(), &check);
    return Json::parse(text.begin(), text.end());
}

}  // namespace vl::detail
