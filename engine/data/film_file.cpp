// SPDX-License-Identifier: Apache-2.0
#include "engine/data/film_file.h"

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include <nlohmann/json.hpp>

#include "engine/api/data_source.h"
#include "engine/api/run_folder.h"
#include "engine/core/error.h"
#include "engine/core/files.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

using Json = nlohmann::json;
constexpr std::size_t kMostCells = 64000;

fs::path samplesFolder(const fs::path& runFolder) { return runFolder / "samples"; }
fs::path listFile(const fs::path& runFolder) { return samplesFolder(runFolder) / "film.jsonl"; }

/// Copies a cell into a picture (or back) whose cells lie column by column.
template <class Copy>
void eachRow(const Image& sheet, int side, int rows, std::size_t cell, Copy&& copy) {
    const auto bytes = static_cast<std::size_t>(side) * sheet.channels;
    const auto column = cell / static_cast<std::size_t>(rows), row = cell % static_cast<std::size_t>(rows);
    for (std::size_t y = 0; y < static_cast<std::size_t>(side); ++y) {
        const auto line = (row * static_cast<std::size_t>(side) + y) * static_cast<std::size_t>(sheet.width);
        copy(line * static_cast<std::size_t>(sheet.channels) + column * bytes, y * bytes, bytes);
    }
}

int perLabel(const std::vector<int>& labels) {
    return static_cast<int>(std::count(labels.begin(), labels.end(), labels.front()));
}

Image sheetOf(const FilmFrame& frame) {
    const bool together = !frame.cells.empty() && frame.labels.size() == frame.cells.size();
    const int rows = together ? perLabel(frame.labels) : 1;
    const int side = together ? frame.cells.front().width : 0;
    const bool grid = together && frame.cells.size() % static_cast<std::size_t>(rows) == 0 &&
                      std::all_of(frame.cells.begin(), frame.cells.end(), [&](const Image& cell) {
                          return cell.width == side && cell.height == side && !cell.empty() &&
                                 cell.channels == frame.cells.front().channels;
                      });
    if (!grid) throw Error(ErrorCode::Usage, "The cells of a film's frame do not form a grid.", "Draw as many of each class.");
    Image sheet{side * static_cast<int>(frame.cells.size()) / rows, side * rows, frame.cells.front().channels, {}};
    sheet.pixels.resize(static_cast<std::size_t>(sheet.width) * sheet.height * sheet.channels);
    for (std::size_t i = 0; i < frame.cells.size(); ++i)
        eachRow(sheet, side, rows, i, [&](std::size_t to, std::size_t from, std::size_t bytes) {
            std::copy_n(frame.cells[i].pixels.begin() + static_cast<std::ptrdiff_t>(from), bytes,
                        sheet.pixels.begin() + static_cast<std::ptrdiff_t>(to));
        });
    return sheet;
}

std::vector<Image> cellsOf(const Image& sheet, std::size_t count, int rows) {
    const int columns = static_cast<int>(count) / rows, side = sheet.width / columns;
    if (side < 1 || side * columns != sheet.width || side * rows != sheet.height) return {};
    std::vector<Image> cells(count, Image{side, side, sheet.channels, {}});
    for (std::size_t i = 0; i < count; ++i) {
        cells[i].pixels.resize(static_cast<std::size_t>(side) * side * sheet.channels);
        eachRow(sheet, side, rows, i, [&](std::size_t from, std::size_t to, std::size_t bytes) {
            std::copy_n(sheet.pixels.begin() + static_cast<std::ptrdiff_t>(from), bytes,
                        cells[i].pixels.begin() + static_cast<std::ptrdiff_t>(to));
        });
    }
    return cells;
}

/// Empty labels where the line is damaged or of another program.
FilmFrame frameOfLine(const std::string& line) {
    FilmFrame frame;
    const Json json = Json::parse(line, nullptr, false);
    if (!json.is_object() || !json.contains("step") || !json["step"].is_number_integer()) return frame;
    frame.step = json["step"].get<std::int64_t>();
    frame.epoch = json.contains("epoch") && json["epoch"].is_number() ? json["epoch"].get<double>() : 0;
    frame.guidance = json.contains("guidance") && json["guidance"].is_number() ? json["guidance"].get<double>() : 1;
    if (json.contains("file") && json["file"].is_string())
        frame.file = fs::path(json["file"].get<std::string>()).filename();  // beside the list, nowhere else
    const auto labels = json.find("labels");
    if (labels == json.end() || !labels->is_array() || labels->size() > kMostCells) return frame;
    for (const Json& label : *labels)
        if (label.is_number_integer()) frame.labels.push_back(label.get<int>());
    if (frame.labels.size() != labels->size()) frame.labels.clear();
    return frame;
}

std::vector<std::string> linesOf(const fs::path& file) {
    std::vector<std::string> lines;
    std::ifstream in(file, std::ios::binary);
    for (std::string line; std::getline(in, line);) lines.push_back(std::move(line));
    return lines;
}

}  // namespace

fs::path appendFilmFrame(const fs::path& runFolder, const FilmFrame& frame) {
    char name[48];
    std::snprintf(name, sizeof name, "step-%08lld.png", static_cast<long long>(frame.step));
    const fs::path file = samplesFolder(runFolder) / name;
    std::error_code ignored;
    fs::create_directories(samplesFolder(runFolder), ignored);
    writePng(file, sheetOf(frame));
    const Json line = {{"step", frame.step}, {"epoch", frame.epoch}, {"guidance", frame.guidance}, {"file", name}, {"labels", frame.labels}};
    std::ofstream out(listFile(runFolder), std::ios::binary | std::ios::app);
    out << line.dump() << '\n' << std::flush;
    if (!out)
        throw Error(ErrorCode::BadFile, listFile(runFolder).string() + " cannot be written.", "Make room on the disk.");
    return file;
}

void cutFilm(const fs::path& runFolder, std::int64_t step) {
    std::string kept;
    bool cut = false;
    for (const std::string& line : linesOf(listFile(runFolder))) {
        if (frameOfLine(line).step > step) cut = true;
        else kept += line + '\n';
    }
    if (cut) writeFileAtomically(listFile(runFolder), kept);
}

std::vector<FilmFrame> readFilm(const fs::path& folder) {
    std::vector<FilmFrame> film;
    for (const std::string& line : linesOf(listFile(folder))) {
        FilmFrame frame = frameOfLine(line);
        if (frame.labels.empty() || frame.file.empty()) continue;
        const int rows = perLabel(frame.labels);
        if (frame.labels.size() % static_cast<std::size_t>(rows) != 0) continue;
        frame.file = samplesFolder(folder) / frame.file;
        try {
            frame.cells = cellsOf(readImage(frame.file), frame.labels.size(), rows);
        } catch (const Error&) {
            continue;  // the others still tell the story
        }
        if (!frame.cells.empty()) film.push_back(std::move(frame));
    }
    return film;
}

}  // namespace vl
