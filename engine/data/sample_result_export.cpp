// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cctype>

#include "engine/api/data_source.h"
#include "engine/api/sample_result.h"
#include "engine/core/error.h"
#include "engine/core/files.h"
#include "engine/data/animation.h"
#include "engine/data/new_file.h"
#include "engine/data/png_text.h"
#include "engine/data/sample_result_sheet.h"

namespace vl {
namespace {

using Frames = std::vector<std::shared_ptr<const SampleFrame>>;

std::string endingOf(const std::filesystem::path& file) {
    std::string ending = file.extension().string();
    std::transform(ending.begin(), ending.end(), ending.begin(), [](unsigned char c) { return std::tolower(c); });
    return ending;
}

/// The whole grid or one cell of it, from one frame.
class Sheets {
public:
    Sheets(const SampleRecord& record, const Frames& frames, const ExportRequest& request)
        : frames_(frames), cell_(request.cell) {
        const auto count = frames.back()->clean.size();
        if (cell_ >= 0 && static_cast<std::size_t>(cell_) >= count)
            throw Error(ErrorCode::Usage, "There is no cell " + std::to_string(cell_) + " in a grid of " +
                        std::to_string(count) + ".", "Cells are counted from 0.");
        const int rows = cell_ >= 0 ? 1 : record.grid.rows, columns = cell_ >= 0 ? 1 : record.grid.columns;
        layout_ = sheetLayout(rows, columns, cellsOf(frames.size() - 1, false), request.scale);
    }
    const SheetLayout& layout() const { return layout_; }
    std::size_t count() const { return frames_.size() + 1; }
    /// What the chains held, frame after frame, and the result at the end.
    Image sheet(std::size_t index) const {
        const bool result = index >= frames_.size();
        Image sheet = composeSheet(layout_, cellsOf(result ? frames_.size() - 1 : index, !result));
        if (sheet.channels == layout_.channels) return sheet;
        throw Error(ErrorCode::Usage, "The pictures of the grid differ in their colours.", "Generate the grid again.");
    }

private:
    std::vector<const Image*> cellsOf(std::size_t index, bool noisy) const {
        const auto& cells = noisy ? frames_[index]->noisy : frames_[index]->clean;
        if (cell_ < 0) return pointersTo(cells);
        if (static_cast<std::size_t>(cell_) >= cells.size()) return {};
        return {&cells[static_cast<std::size_t>(cell_)]};
    }

    const Frames& frames_;
    int cell_;
    SheetLayout layout_;
};

void writePicture(const std::filesystem::path& file, SampleRecord record, const Sheets& sheets, int cell) {
    record.cell = cell >= 0 ? cell : record.cell;
    const std::string png = encodePng(sheets.sheet(sheets.count() - 1));
    writeFileAtomically(file, withPngText(png, kRecordKey, recordToJson(record), file.string()));
}

}  // namespace

std::filesystem::path exportSampleResult(const SampleRecord& record, const Frames& frames, const ExportRequest& request,
                                         const std::function<bool(double)>& progress) {
    const std::string ending = endingOf(request.file);
    if (ending != ".png" && ending != ".gif" && ending != ".mp4")
        throw Error(ErrorCode::Usage, "\"" + request.file.string() + "\" is no kind of file samples can be exported to.",
                    "Choose a name that ends in .png, .gif or .mp4.");
    if (frames.empty() || frames.back()->clean.empty())
        throw Error(ErrorCode::Usage, "There are no samples to export.", "Generate some first.");
    const Sheets sheets(record, frames, request);
    NewFile file(request.file);
    if (ending == ".png") {
        detail::tell(progress, 0);
        writePicture(file.temporary(), record, sheets, request.cell);
    } else {
        Animation animation;
        animation.width = sheets.layout().sheetWidth();
        animation.height = sheets.layout().sheetHeight();
        animation.channels = sheets.layout().channels;
        animation.frames = sheets.count();
        animation.frame = [&](std::size_t index) { return sheets.sheet(index); };
        animation.framesPerSecond = request.framesPerSecond;
        (ending == ".gif" ? &writeGif : &writeMp4)(file.temporary(), animation, progress);
    }
    return file.place();
}

}  // namespace vl
