// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "engine/api/dense.h"

namespace vl::cli {

/// What pictures of an unfinished evaluation gave: a line of JSON each, the first one says what is measured.
class EvalJournal {
public:
    /// `file` empty: nothing is kept. Takes up the file where it belongs to the same evaluation (`what`); a torn last
    /// line counts for nothing. Throws Error(Usage) where it belongs to another one and `force` is not set,
    /// Error(BadFile) where the disk refuses.
    EvalJournal(std::filesystem::path file, nlohmann::ordered_json what, bool force);

    /// Null: this picture has not been measured.
    const nlohmann::ordered_json* find(std::int64_t picture) const;
    void add(std::int64_t picture, nlohmann::ordered_json result);
    bool kept() const { return !file_.empty(); }
    std::int64_t found() const { return found_; }  ///< pictures it held when it was opened
    /// The evaluation is complete: the file goes.
    void remove();

private:
    void read(const std::string& text, bool force);

    std::filesystem::path file_;
    nlohmann::ordered_json what_;
    std::map<std::int64_t, nlohmann::ordered_json> results_;
    std::int64_t found_ = 0;
    std::ofstream out_;
};

/// Pixels by truth and prediction as "truth, prediction, pixels" triples, and back into labels that count the same.
nlohmann::ordered_json pairsJson(const std::vector<std::int64_t>& confusion);
struct LabelPairs {
    std::vector<std::uint8_t> truth, prediction;
};
/// Throws Error(BadFile) for text that pairsJson() never wrote.
LabelPairs pairsFrom(const nlohmann::ordered_json& json, int classes);

/// Found objects, every bit of them. Throws Error(BadFile) for text that objectsJson never wrote.
nlohmann::ordered_json foundJson(const std::vector<FoundObject>& objects);
std::vector<FoundObject> foundFrom(const nlohmann::ordered_json& json, int classes);

}  // namespace vl::cli
