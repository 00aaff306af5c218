// SPDX-License-Identifier: Apache-2.0
#include "engine/data/sample_result_json.h"

#include <cmath>
#include <limits>

#include <nlohmann/json.hpp>

#include "engine/core/error.h"
#include "engine/io/strict_json.h"

namespace vl {
namespace {

using Json = nlohmann::json;

constexpr std::size_t kMostText = 4096, kMostBytes = 16u << 20;
constexpr int kMostCells = 65536, kMostSide = 4096;

Json cellJson(const CellSettings& cell) {
    Json json = {{"label", cell.label},       {"label_mix", cell.labelMix}, {"seed", cell.seed},
                 {"seed_mix", cell.seedMix},  {"sampler", cell.sampler},    {"steps", cell.steps},
                 {"guidance", cell.guidance}, {"eta", cell.eta},            {"form", cell.form},
                 {"noise", cell.noise},       {"last_step", cell.lastStep}, {"last_step_size", cell.lastStepSize},
                 {"clip", cell.clip}};
    if (cell.labelTo) json["label_to"] = *cell.labelTo;
    if (cell.seedTo) json["seed_to"] = *cell.seedTo;
    return json;
}

Json recordJson(const SampleRecord& record) {
    Json cells = Json::array();
    for (const CellSettings& cell : record.grid.cells) cells.push_back(cellJson(cell));
    const GridRecipe& recipe = record.recipe;
    Json json = {
        {"format", 1},
        {"model", record.model.string()},
        {"autoencoder", record.autoencoder.string()},
        {"model_name", record.modelName},
        {"model_hash", record.modelHash},
        {"version", record.version},
        {"time", record.wallSeconds},
        {"seconds", record.seconds},
        {"recipe",
         {{"base", cellJson(recipe.base)},
          {"rows", toString(recipe.rows)},
          {"columns", toString(recipe.columns)},
          {"row_values", recipe.rowValues},
          {"column_values", recipe.columnValues},
          {"new_seed_each_row", recipe.newSeedEachRow},
          {"new_seed_each_column", recipe.newSeedEachColumn}}},
        {"grid",
         {{"rows", record.grid.rows},
          {"columns", record.grid.columns},
          {"row_labels", record.grid.rowLabels},
          {"column_labels", record.grid.columnLabels},
          {"cells", std::move(cells)}}}};
    if (record.cell >= 0) json["cell"] = record.cell;
    return json;
}

std::string dumped(const Json& json) { return json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n"; }

/// Fields of one object; a field that is not there leaves the value as it is.
class Fields {
public:
    Fields(const Json& json, const std::string& source) : json_(json), source_(source) {
        if (!json.is_object()) throw bad("is not the record of a grid");
    }
    Error bad(const std::string& what) const {
        return {ErrorCode::BadFile, source_ + " " + what + ".", "Choose a result this program has stored."};
    }
    Error wrong(const char* key) const { return bad("has a wrong value of \"" + std::string(key) + "\""); }

    const Json* find(const char* key) const {
        const auto at = json_.find(key);
        return at == json_.end() ? nullptr : &*at;
    }
    Fields object(const char* key) const {
        const Json* value = find(key);
        if (!value) throw bad("has no \"" + std::string(key) + "\"");
        if (!value->is_object()) throw wrong(key);
        return {*value, source_};
    }
    void read(const char* key, double& to) const {
        const Json* value = find(key);
        if (!value) return;
        if (!value->is_number() || !std::isfinite(value->get<double>())) throw wrong(key);
        to = value->get<double>();
    }
    void read(const char* key, int& to, int least = 0, int most = std::numeric_limits<int>::max()) const {
        const Json* value = find(key);
        if (!value) return;
        const bool fits = value->is_number_unsigned()
                              ? value->get<std::uint64_t>() <= static_cast<std::uint64_t>(std::numeric_limits<int>::max())
                              : value->is_number_integer();
        if (!fits || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) throw wrong(key);
        to = value->get<int>();
    }
    void read(const char* key, std::uint64_t& to) const {
        const Json* value = find(key);
        if (!value) return;
        if (!value->is_number_unsigned()) throw wrong(key);
        to = value->get<std::uint64_t>();
    }
    void read(const char* key, bool& to) const {
        const Json* value = find(key);
        if (!value) return;
        if (!value->is_boolean()) throw wrong(key);
        to = value->get<bool>();
    }
    void read(const char* key, std::string& to) const {
        if (const Json* value = find(key)) to = text(*value, key);
    }
    void read(const char* key, std::filesystem::path& to) const {
        if (const Json* value = find(key)) to = text(*value, key);
    }
    void read(const char* key, Vary& to) const {
        const Json* value = find(key);
        if (!value) return;
        try {
            to = varyNamed(text(*value, key));
        } catch (const Error& error) {
            if (error.code() != ErrorCode::Usage) throw;
            throw wrong(key);
        }
    }
    void read(const char* key, std::vector<std::string>& to) const {
        const Json* value = find(key);
        if (!value) return;
        if (!value->is_array() || value->size() > kMostSide) throw wrong(key);
        for (const Json& entry : *value) to.push_back(text(entry, key));
    }
    template <class T>
    void read(const char* key, std::optional<T>& to) const {
        if (find(key)) read(key, to.emplace());
    }

private:
    std::string text(const Json& value, const char* key) const {
        if (!value.is_string() || value.get_ref<const std::string&>().size() > kMostText) throw wrong(key);
        const auto& found = value.get_ref<const std::string&>();
        if (found.find('\0') != std::string::npos) throw wrong(key);
        return found;
    }

    const Json& json_;
    const std::string& source_;
};

CellSettings readCell(const Fields& from) {
    CellSettings cell;
    from.read("label", cell.label);
    from.read("label_to", cell.labelTo);
    from.read("label_mix", cell.labelMix);
    from.read("seed", cell.seed);
    from.read("seed_to", cell.seedTo);
    from.read("seed_mix", cell.seedMix);
    from.read("sampler", cell.sampler);
    from.read("steps", cell.steps);
    from.read("guidance", cell.guidance);
    from.read("eta", cell.eta);
    from.read("form", cell.form);
    from.read("noise", cell.noise);
    from.read("last_step", cell.lastStep);
    from.read("last_step_size", cell.lastStepSize);
    from.read("clip", cell.clip);
    return cell;
}

GridRecipe readRecipe(const Fields& from) {
    GridRecipe recipe;
    recipe.base = readCell(from.object("base"));
    from.read("rows", recipe.rows);
    from.read("columns", recipe.columns);
    from.read("row_values", recipe.rowValues);
    from.read("column_values", recipe.columnValues);
    from.read("new_seed_each_row", recipe.newSeedEachRow);
    from.read("new_seed_each_column", recipe.newSeedEachColumn);
    return recipe;
}

GridCells readGrid(const Fields& from, const std::string& source) {
    GridCells grid;
    from.read("rows", grid.rows, 1, kMostSide);
    from.read("columns", grid.columns, 1, kMostSide);
    from.read("row_labels", grid.rowLabels);
    from.read("column_labels", grid.columnLabels);
    const Json* cells = from.find("cells");
    const auto labelsFit = [](const std::vector<std::string>& labels, int count) {
        return labels.empty() || labels.size() == static_cast<std::size_t>(count);
    };
    if (!cells || !cells->is_array() || grid.rows * grid.columns > kMostCells ||
        cells->size() != static_cast<std::size_t>(grid.rows * grid.columns) || !labelsFit(grid.rowLabels, grid.rows) ||
        !labelsFit(grid.columnLabels, grid.columns))
        throw from.bad("does not hold as many cells as it has rows and columns");
    grid.cells.reserve(cells->size());
    for (const Json& cell : *cells) grid.cells.push_back(readCell({cell, source}));
    return grid;
}

SampleRecord readRecord(const Fields& from, const std::string& source) {
    SampleRecord record;
    int format = 0;
    from.read("format", format);
    if (format != 1) throw from.bad(format == 0 ? "is not the record of a grid" : "is of a newer version of this program");
    record.recipe = readRecipe(from.object("recipe"));
    record.grid = readGrid(from.object("grid"), source);
    from.read("model", record.model);
    from.read("autoencoder", record.autoencoder);
    from.read("model_name", record.modelName);
    from.read("model_hash", record.modelHash);
    from.read("version", record.version);
    from.read("time", record.wallSeconds);
    from.read("seconds", record.seconds);
    from.read("cell", record.cell, 0, static_cast<int>(record.grid.cells.size()) - 1);
    return record;
}

}  // namespace

std::string recordToJson(const SampleRecord& record) { return dumped(recordJson(record)); }

std::string resultToJson(const SampleRecord& record, const SheetLayout& layout) {
    Json json = recordJson(record);
    json["picture"] = {{"width", layout.width}, {"height", layout.height}, {"channels", layout.channels},
                       {"scale", layout.scale}, {"gap", layout.gap}};
    return dumped(json);
}

SampleRecord recordFromJson(std::string_view json, const std::string& source) {
    return resultFromJson(json, source).record;
}

StoredResult resultFromJson(std::string_view text, const std::string& source) {
    if (text.size() > kMostBytes)
        throw Error(ErrorCode::BadFile, source + " is too long for the record of a grid.", "Choose another file.");
    const Json json = detail::parseStrictJson(text, source);
    const Fields from(json, source);
    StoredResult result{readRecord(from, source), {}};
    if (!from.find("picture")) return result;
    const Fields picture = from.object("picture");
    SheetLayout& layout = result.layout;
    layout.rows = result.record.grid.rows;
    layout.columns = result.record.grid.columns;
    picture.read("width", layout.width, 1, kMostSide);
    picture.read("height", layout.height, 1, kMostSide);
    picture.read("channels", layout.channels, 1, 3);
    picture.read("scale", layout.scale, 1, 64);
    picture.read("gap", layout.gap, 0, kMostSide);
    return result;
}

}  // namespace vl
