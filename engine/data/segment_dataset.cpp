// SPDX-License-Identifier: Apache-2.0
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/index_mask.h"
#include "engine/data/resize.h"
#include "engine/data/segment_layout.h"

namespace vl {
namespace {

constexpr int kSmallest = 2, kLargest = 20000;  ///< sides of pictures worth learning from

std::string sizeText(int width, int height) { return thousands(width) + " x " + thousands(height); }

void checkSize(const Image& picture, const std::string& file) {
    if (std::min(picture.width, picture.height) < kSmallest)
        throw Error(ErrorCode::BadFile, file + " is " + sizeText(picture.width, picture.height) + " pixels, too small to segment.",
                    "Use pictures of at least 2 pixels a side.");
    if (std::max(picture.width, picture.height) > kLargest)
        throw Error(ErrorCode::BadFile, file + " is " + sizeText(picture.width, picture.height) + " pixels, too large to learn from.",
                    "Cut it into pieces of at most 20,000 pixels a side.");
}

class SegmentDataset final : public DenseDataset {
public:
    explicit SegmentDataset(SegmentLayout layout) : layout_(std::move(layout)) {}

    std::int64_t size() const override { return static_cast<std::int64_t>(layout_.pairs.size()); }
    std::string name(std::int64_t index) const override { return pair(index).picture.filename().string(); }
    const ClassList& classes() const override { return layout_.classes; }

    DenseSample read(std::int64_t index) const override {
        const SegmentPair& files = pair(index);
        DenseSample sample{name(index), files.picture, convertChannels(readImage(files.picture), 3), {}, {}};
        checkSize(sample.picture, files.picture.string());
        IndexMask mask = readIndexMask(files.mask);
        if (mask.width != sample.picture.width || mask.height != sample.picture.height)
            throw Error(ErrorCode::Mismatch,
                        files.mask.string() + " is " + sizeText(mask.width, mask.height) + " pixels, its picture " +
                            sizeText(sample.picture.width, sample.picture.height) + ".",
                        "Give the mask the size of its picture.");
        sample.labels = std::move(mask.indices);
        for (std::uint8_t& value : sample.labels) value = classOf(value, files.mask.string());
        return sample;
    }

private:
    const SegmentPair& pair(std::int64_t index) const { return layout_.pairs.at(static_cast<std::size_t>(index)); }

    std::uint8_t classOf(std::uint8_t value, const std::string& file) const {
        const int label = layout_.classOf[value];
        if (label == kBadValue)
            throw Error(ErrorCode::Mismatch,
                        file + " has class number " + std::to_string(value) + ", which none of the " +
                            std::to_string(layout_.classes.names.size()) + " classes has.",
                        "Correct the mask, or list all classes in the data set's file of names.");
        return static_cast<std::uint8_t>(label);
    }

    SegmentLayout layout_;
};

}  // namespace

std::shared_ptr<const DenseDataset> openSegmentDataset(const std::string& layout, const std::filesystem::path& folder,
                                                       DenseSplit split, std::int64_t limit) {
    std::error_code error;
    if (folder.empty() || !std::filesystem::is_directory(folder, error))
        throw Error(ErrorCode::NotFound, "'" + printable(folder.string(), 200) + "' is no folder.", "Set data.path to the data set's folder.");
    SegmentLayout found;
    if (layout == "ade20k") found = ade20kLayout(folder, split);
    else if (layout == "coco-stuff") found = cocoStuffLayout(folder, split);
    else if (layout == "voc") found = vocLayout(folder, split);
    else if (layout == "masks") found = maskFolderLayout(folder, split);
    else
        throw Error(ErrorCode::Usage, "'" + printable(layout) + "' is no layout of pictures with masks.",
                    "Choose ade20k, coco-stuff, voc or masks.");
    if (limit > 0 && static_cast<std::size_t>(limit) < found.pairs.size()) found.pairs.resize(static_cast<std::size_t>(limit));
    return std::make_shared<SegmentDataset>(std::move(found));
}

}  // namespace vl
