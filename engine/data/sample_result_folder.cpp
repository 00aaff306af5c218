// SPDX-License-Identifier: Apache-2.0
// Folders of stored results: grid.png, result.json and frames.npz.
#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/core/text.h"
#include "engine/data/png_text.h"
#include "engine/data/sample_result_json.h"
#include "engine/io/npz_file.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

constexpr const char* kPicture = "grid.png";
constexpr const char* kRecord = "result.json";
constexpr const char* kFrames = "frames.npz";
constexpr std::string_view kPrefix = "grid-";
constexpr std::uintmax_t kMostRecord = 16u << 20;

/// Number of a folder called grid-0017; 0 for other names.
std::int64_t numberOf(const fs::path& folder) {
    const std::string name = folder.filename().string();
    if (name.size() < kPrefix.size() + 4 || name.compare(0, kPrefix.size(), kPrefix) != 0) return 0;
    const std::string digits = name.substr(kPrefix.size());
    if (digits.size() > 9 || digits.find_first_not_of("0123456789") != std::string::npos) return 0;
    return parseInteger(digits).value_or(0);
}

std::string nameOf(std::int64_t number) {
    char name[32];
    std::snprintf(name, sizeof name, "grid-%04lld", static_cast<long long>(number));
    return name;
}

std::vector<fs::path> resultFolders(const fs::path& resultsFolder) {
    std::vector<fs::path> folders;
    std::error_code error;
    for (fs::directory_iterator at(resultsFolder, error), end; !error && at != end; at.increment(error))
        if (numberOf(at->path()) > 0) folders.push_back(at->path());
    return folders;
}

StoredResult readResult(const fs::path& folder) {
    const fs::path file = folder / kRecord;
    return resultFromJson(readTextFile(file, kMostRecord), file.string());
}

bool sameSize(const Image& a, const Image& b) {
    return a.width == b.width && a.height == b.height && a.channels == b.channels && a.pixels.size() == b.pixels.size();
}

/// Frames whose pictures are all of the first frame's size. A result that was decoded larger than its previews stands
/// in grid.png.
std::vector<const SampleFrame*> alikeFrames(const std::vector<std::shared_ptr<const SampleFrame>>& frames) {
    std::vector<const SampleFrame*> alike;
    for (const auto& frame : frames) {
        const Image& model = frames.front()->clean.front();
        const auto fits = [&](const std::vector<Image>& cells) {
            return cells.size() == frames.front()->clean.size() &&
                   std::all_of(cells.begin(), cells.end(), [&](const Image& cell) { return sameSize(cell, model); });
        };
        if (fits(frame->noisy) && fits(frame->clean)) alike.push_back(frame.get());
    }
    return alike;
}

void writeFrames(const fs::path& file, const std::vector<std::shared_ptr<const SampleFrame>>& frames) {
    if (frames.empty() || frames.front()->clean.empty()) return;
    const auto alike = alikeFrames(frames);
    const Image& model = frames.front()->clean.front();
    const auto count = static_cast<std::int64_t>(alike.size());
    const std::vector<std::int64_t> shape = {count, static_cast<std::int64_t>(frames.front()->clean.size()), model.height,
                                             model.width, model.channels};
    NpzWriter out(file);
    for (const bool noisy : {true, false}) {
        out.begin(noisy ? "noisy" : "clean", "U8", shape);
        for (const SampleFrame* frame : alike)
            for (const Image& cell : noisy ? frame->noisy : frame->clean) out.append(std::as_bytes(std::span(cell.pixels)));
        out.end();
    }
    std::vector<std::int32_t> steps, cellSteps;
    for (const SampleFrame* frame : alike) {
        steps.push_back(frame->step);
        for (std::size_t cell = 0; cell < frame->clean.size(); ++cell)
            cellSteps.push_back(cell < frame->cellSteps.size() ? frame->cellSteps[cell] : frame->step);
    }
    out.add("steps", "I32", {count}, std::as_bytes(std::span(steps)));
    out.add("cell_steps", "I32", {count, shape[1]}, std::as_bytes(std::span(cellSteps)));
    out.commit();
}

/// A folder nobody looks at, which is gone unless it was moved away.
class HiddenFolder {
public:
    explicit HiddenFolder(const fs::path& parent) {
        static std::atomic<unsigned> counter{0};
        path_ = parent / (".grid-" + std::to_string(::getpid()) + "-" + std::to_string(counter++));
        std::error_code error;
        fs::create_directories(path_, error);
        if (error)
            throw Error(ErrorCode::BadFile, parent.string() + " cannot be written: " + error.message() + ".",
                        "Choose another folder for results or free some space.");
    }
    ~HiddenFolder() {
        std::error_code ignored;
        fs::remove_all(path_, ignored);
    }
    HiddenFolder(const HiddenFolder&) = delete;
    HiddenFolder& operator=(const HiddenFolder&) = delete;
    const fs::path& path() const { return path_; }

    /// Renames it to the first free number. A folder that has something in it is never replaced by rename(), so that
    /// two programs cannot take the same number.
    fs::path place(const fs::path& parent) const {
        std::int64_t number = 1;
        for (const fs::path& folder : resultFolders(parent)) number = std::max(number, numberOf(folder) + 1);
        for (int tries = 0; tries < 10000; ++tries, ++number) {
            const fs::path name = parent / nameOf(number);
            if (::rename(path_.c_str(), name.c_str()) == 0) return name;
            if (errno != EEXIST && errno != ENOTEMPTY && errno != ENOTDIR) break;
        }
        throw Error(ErrorCode::BadFile, "The result cannot be put in " + parent.string() + ": " + systemMessage(errno) + ".",
                    "Choose another folder for results.");
    }

private:
    fs::path path_;
};

/// The whole array; empty when it is not there or not of the wanted type.
std::vector<std::byte> numbers(const NpzFile& file, const char* name, const char* dtype, std::size_t dimensions) {
    const NpyArray* array = file.find(name);
    if (!array || array->dtype != dtype || array->shape.size() != dimensions) return {};
    return file.read(*array);
}

std::vector<std::int32_t> integers(const NpzFile& file, const char* name, std::size_t dimensions) {
    const auto bytes = numbers(file, name, "I32", dimensions);
    std::vector<std::int32_t> values(bytes.size() / sizeof(std::int32_t));
    if (!values.empty()) std::memcpy(values.data(), bytes.data(), values.size() * sizeof(std::int32_t));
    return values;
}

std::vector<SampleFrame> framesOf(const NpzFile& file, std::size_t cells, const Error& damaged) {
    const NpyArray* array = file.find("clean");
    const auto clean = numbers(file, "clean", "U8", 5), noisy = numbers(file, "noisy", "U8", 5);
    const auto steps = integers(file, "steps", 1), cellSteps = integers(file, "cell_steps", 2);
    if (clean.empty() || clean.size() != noisy.size() || file.find("noisy")->shape != array->shape) throw damaged;
    const auto& shape = array->shape;
    const auto count = static_cast<std::size_t>(shape[0]);
    constexpr std::int64_t kMostSide = 16384;
    if (static_cast<std::size_t>(shape[1]) != cells || steps.size() != count || shape[2] > kMostSide ||
        shape[3] > kMostSide || (shape[4] != 1 && shape[4] != 3) || (!cellSteps.empty() && cellSteps.size() != count * cells))
        throw damaged;
    const Image model{static_cast<int>(shape[3]), static_cast<int>(shape[2]), static_cast<int>(shape[4]), {}};
    const std::size_t bytes = static_cast<std::size_t>(model.width) * model.height * model.channels;
    const auto picture = [&](const std::vector<std::byte>& from, std::size_t index) {
        Image image = model;
        const auto* at = reinterpret_cast<const std::uint8_t*>(from.data()) + index * bytes;
        image.pixels.assign(at, at + bytes);
        return image;
    };
    std::vector<SampleFrame> frames(count);
    for (std::size_t i = 0; i < count; ++i) {
        frames[i].step = steps[i];
        for (std::size_t cell = 0; cell < cells; ++cell) {
            frames[i].noisy.push_back(picture(noisy, i * cells + cell));
            frames[i].clean.push_back(picture(clean, i * cells + cell));
            frames[i].cellSteps.push_back(cellSteps.empty() ? steps[i] : cellSteps[i * cells + cell]);
        }
    }
    return frames;
}

/// The finished cells out of grid.png, when they are finer than what frames.npz holds.
void addFinished(std::vector<SampleFrame>& frames, const fs::path& folder, const SheetLayout& layout) {
    if (layout.width == 0 || frames.empty()) return;
    const Image& preview = frames.back().clean.front();
    if (preview.width == layout.width && preview.height == layout.height) return;
    try {
        SampleFrame last = frames.back();
        last.clean = cutSheet(layout, readImage(folder / kPicture));
        last.noisy = last.clean;
        if (!last.clean.empty()) frames.push_back(std::move(last));
    } catch (const Error&) {  // the previews are what there is
    }
}

}  // namespace

fs::path writeSampleResult(const fs::path& resultsFolder, const SampleRecord& record,
                           const std::vector<std::shared_ptr<const SampleFrame>>& frames, const SampleFrame& last) {
    const auto cells = pointersTo(last.clean);
    const SheetLayout layout = sheetLayout(record.grid.rows, record.grid.columns, cells, 0);
    const HiddenFolder folder(resultsFolder);
    const std::string png = encodePng(composeSheet(layout, cells));
    writeFileAtomically(folder.path() / kPicture, withPngText(png, kRecordKey, recordToJson(record), kPicture));
    writeFrames(folder.path() / kFrames, frames);
    writeFileAtomically(folder.path() / kRecord, resultToJson(record, layout));
    return folder.place(resultsFolder);
}

SampleRecord readSampleRecord(const fs::path& folder) { return readResult(folder).record; }

SampleRecord recordFromPicture(const fs::path& png) {
    const auto text = pngText(readTextFile(png, 512u << 20), kRecordKey, png.string());
    if (!text)
        throw Error(ErrorCode::NotFound, png.string() + " does not say how it was made.",
                    "Choose a picture this program has exported.");
    return recordFromJson(*text, png.string());
}

std::vector<SampleResultInfo> listSampleResults(const fs::path& resultsFolder, std::vector<std::string>* problems) {
    std::vector<SampleResultInfo> results;
    for (const fs::path& folder : resultFolders(resultsFolder)) {
        try {
            results.push_back({folder, readSampleRecord(folder)});
        } catch (const Error& error) {
            if (problems) problems->push_back(error.message());
        }
    }
    std::sort(results.begin(), results.end(), [](const SampleResultInfo& a, const SampleResultInfo& b) {
        if (a.record.wallSeconds != b.record.wallSeconds) return a.record.wallSeconds > b.record.wallSeconds;
        return numberOf(a.folder) > numberOf(b.folder);
    });
    return results;
}

std::vector<SampleFrame> readSampleFrames(const fs::path& folder) {
    const StoredResult result = readResult(folder);
    const Error damaged(ErrorCode::BadFile, (folder / kFrames).string() + " does not hold the frames of this grid.",
                        "The file is damaged; the finished grid is in grid.png.");
    auto frames = framesOf(NpzFile::open(folder / kFrames), result.record.grid.cells.size(), damaged);
    addFinished(frames, folder, result.layout);
    return frames;
}

}  // namespace vl
