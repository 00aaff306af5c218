// SPDX-License-Identifier: Apache-2.0
#include "app/cli/eval_journal.h"

#include <array>
#include <cmath>
#include <string_view>

#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/run_mask.h"

namespace vl::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::uintmax_t kMostBytes = 4ull << 30;
constexpr std::int64_t kMostPixels = 1ll << 30;

Error damaged() {
    return {ErrorCode::BadFile, "The journal of this evaluation is damaged.", "Remove it, and the evaluation starts anew."};
}

/// Reads with `get`; whatever is wrong with the text is one error.
template <typename Get>
auto guarded(Get&& get) {
    try {
        return get();
    } catch (const nlohmann::json::exception&) {
        throw damaged();
    }
}

std::string dumped(const Json& json) { return json.dump(-1, ' ', false, Json::error_handler_t::replace); }

}  // namespace

EvalJournal::EvalJournal(std::filesystem::path file, Json what, bool force)
    : file_(std::move(file)), what_(std::move(what)) {
    if (file_.empty()) return;
    std::error_code error;
    if (std::filesystem::exists(file_, error)) read(readTextFile(file_, kMostBytes), force);
    found_ = static_cast<std::int64_t>(results_.size());
    // Written anew: what follows a torn line would be lost with it.
    std::string text = dumped(what_) + "\n";
    for (const auto& [picture, result] : results_)
        text += dumped(Json{{"picture", picture}, {"result", result}}) + "\n";
    writeFileAtomically(file_, text);
    out_.open(file_, std::ios::binary | std::ios::app);
    if (!out_)
        throw Error(ErrorCode::BadFile, file_.string() + " cannot be written.", "Check that its folder may be written.");
}

void EvalJournal::read(const std::string& text, bool force) {
    for (std::size_t from = 0, line = 0; from < text.size(); ++line) {
        const std::size_t end = text.find('\n', from);
        if (end == std::string::npos) return;
        const Json json = Json::parse(text.begin() + static_cast<std::ptrdiff_t>(from),
                                      text.begin() + static_cast<std::ptrdiff_t>(end), nullptr, /*allow_exceptions=*/false);
        from = end + 1;
        if (line == 0) {
            if (json == what_) continue;
            if (force) return;
            throw Error(ErrorCode::Usage, file_.string() + " is the journal of another evaluation.",
                        "Choose another output, or add --force to start anew.");
        }
        if (!json.is_object() || !json.contains("picture") || !json["picture"].is_number_integer() || !json.contains("result"))
            return;
        results_[json["picture"].get<std::int64_t>()] = json["result"];
    }
}

const Json* EvalJournal::find(std::int64_t picture) const {
    const auto found = results_.find(picture);
    return found == results_.end() ? nullptr : &found->second;
}

void EvalJournal::add(std::int64_t picture, Json result) {
    if (!kept()) return;
    out_ << dumped(Json{{"picture", picture}, {"result", std::move(result)}}) << '\n' << std::flush;
    if (!out_)
        throw Error(ErrorCode::BadFile, file_.string() + " cannot be written.", "Check that the disk has free space.");
}

void EvalJournal::remove() {
    if (!kept()) return;
    out_.close();
    std::error_code ignored;
    std::filesystem::remove(file_, ignored);
}

Json pairsJson(const std::vector<std::int64_t>& confusion) {
    const auto classes = static_cast<std::size_t>(std::lround(std::sqrt(static_cast<double>(confusion.size()))));
    Json triples = Json::array();
    for (std::size_t i = 0; i < confusion.size(); ++i)
        if (confusion[i] > 0) triples.push_back({i / classes, i % classes, confusion[i]});
    return triples;
}

LabelPairs pairsFrom(const Json& json, int classes) {
    return guarded([&] {
        LabelPairs pairs;
        for (const auto& triple : json) {
            const auto [truth, prediction, pixels] = triple.get<std::array<std::int64_t, 3>>();
            if (truth < 0 || truth >= classes || prediction < 0 || prediction >= classes || pixels < 0 ||
                pixels > kMostPixels - static_cast<std::int64_t>(pairs.truth.size()))
                throw damaged();
            pairs.truth.insert(pairs.truth.end(), static_cast<std::size_t>(pixels), static_cast<std::uint8_t>(truth));
            pairs.prediction.insert(pairs.prediction.end(), static_cast<std::size_t>(pixels),
                                    static_cast<std::uint8_t>(prediction));
        }
        return pairs;
    });
}

Json foundJson(const std::vector<FoundObject>& objects) {
    Json list = Json::array();
    for (const FoundObject& object : objects) {
        Json one = {{"box", object.box}, {"label", object.label}, {"score", object.score}};
        if (!object.mask.empty())
            one["mask"] = {{"width", object.mask.width}, {"height", object.mask.height}, {"text", runMaskText(object.mask)}};
        list.push_back(std::move(one));
    }
    return list;
}

std::vector<FoundObject> foundFrom(const Json& json, int classes) {
    return guarded([&] {
        std::vector<FoundObject> objects;
        for (const auto& one : json) {
            FoundObject object;
            object.box = one.at("box").get<Box>();
            object.label = one.at("label").get<int>();
            object.score = one.at("score").get<float>();
            if (object.label < 0 || object.label >= classes) throw damaged();
            if (one.contains("mask")) {
                const auto& mask = one.at("mask");
                object.mask = runMaskFromText(mask.at("text").get<std::string>(), mask.at("width").get<int>(),
                                              mask.at("height").get<int>());
            }
            objects.push_back(std::move(object));
        }
        return objects;
    });
}

}  // namespace vl::cli
