// SPDX-License-Identifier: Apache-2.0
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/data/coco_truth.h"
#include "engine/data/dense_dataset.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

std::string splitName(DenseSplit split) { return split == DenseSplit::Train ? "train" : "val"; }

fs::path annotationFile(const fs::path& folder, DenseSplit split) {
    const std::string name = "instances_" + splitName(split);
    for (const char* below : {"annotations", ""})
        for (const char* year : {"2017", ""}) {
            const fs::path file = folder / below / (name + year + ".json");
            if (fs::is_regular_file(file)) return file;
        }
    throw Error(ErrorCode::NotFound,
                folder.string() + " has no annotations/" + name + "2017.json and no annotations/" + name + ".json.",
                "Choose the folder that holds COCO's annotations beside the folders of pictures.");
}

/// The folder below which the pictures lie: the first that has one of the first few pictures.
fs::path pictureFolder(const fs::path& folder, DenseSplit split, const CocoTruth& truth) {
    const std::string name = splitName(split);
    const fs::path candidates[] = {folder / (name + "2017"), folder / name,     folder / "images" / (name + "2017"),
                                   folder / "images" / name, folder / "images", folder};
    for (std::size_t i = 0; i < std::min<std::size_t>(truth.size(), 16); ++i)
        for (const fs::path& candidate : candidates)
            if (truth.image(i).problem.empty() && fs::is_regular_file(candidate / truth.image(i).file))
                return candidate;
    for (const fs::path& candidate : candidates)
        if (fs::is_directory(candidate)) return candidate;
    return folder;
}

/// Grey pictures get three equal channels.
Image inColour(Image image) {
    if (image.channels == 3) return image;
    Image colour{image.width, image.height, 3, {}};
    colour.pixels.reserve(3 * image.pixels.size());
    for (const std::uint8_t value : image.pixels)
        colour.pixels.insert(colour.pixels.end(), 3, value);
    return colour;
}

class CocoDataset final : public DenseDataset {
public:
    CocoDataset(CocoTruth truth, fs::path pictures, std::vector<std::size_t> chosen)
        : truth_(std::move(truth)), pictures_(std::move(pictures)), chosen_(std::move(chosen)) {}

    std::int64_t size() const override { return static_cast<std::int64_t>(chosen_.size()); }
    std::string name(std::int64_t index) const override { return imageAt(index).file; }
    const ClassList& classes() const override { return truth_.classes(); }

    DenseSample read(std::int64_t index) const override {
        const CocoImage& image = imageAt(index);
        DenseSample sample{
            image.file, pictures_ / image.file, {}, {}, truth_.objects(chosen_.at(static_cast<std::size_t>(index)))};
        if (!fs::is_regular_file(sample.file))
            throw Error(ErrorCode::NotFound, "The picture " + sample.file.string() + " is not there.",
                        "Put it back, or take its entry out of the annotation file.");
        sample.picture = inColour(readImage(sample.file));
        if (sample.picture.width != image.width || sample.picture.height != image.height)
            throw Error(ErrorCode::Mismatch,
                        sample.file.string() + " is " + std::to_string(sample.picture.width) + " x " +
                            std::to_string(sample.picture.height) + " pixels, but " + std::to_string(image.width) +
                            " x " + std::to_string(image.height) + " by its annotations.",
                        "Use the pictures the annotations were made for.");
        return sample;
    }

private:
    const CocoImage& imageAt(std::int64_t index) const {
        return truth_.image(chosen_.at(static_cast<std::size_t>(index)));
    }

    const CocoTruth truth_;
    const fs::path pictures_;
    const std::vector<std::size_t> chosen_;
};

}  // namespace

std::shared_ptr<const DenseDataset> openDetectDataset(const fs::path& folder, DenseSplit split, std::int64_t limit) {
    if (!fs::is_directory(folder))
        throw Error(ErrorCode::NotFound, "There is no folder " + folder.string() + ".",
                    "Choose the folder of a COCO data set.");
    const fs::path file = annotationFile(folder, split);
    CocoTruth truth(readCocoFile(file));
    std::vector<std::size_t> chosen;
    for (std::size_t i = 0; i < truth.size() && (limit <= 0 || chosen.size() < static_cast<std::size_t>(limit)); ++i)
        // The published recipes leave pictures without objects out of training.
        if (split == DenseSplit::Validation || truth.annotated(i) > 0) chosen.push_back(i);
    if (chosen.empty())
        throw Error(ErrorCode::BadFile, file.string() + " has no picture with an object.",
                    "Choose another set, or annotate some pictures.");
    fs::path pictures = pictureFolder(folder, split, truth);
    return std::make_shared<CocoDataset>(std::move(truth), std::move(pictures), std::move(chosen));
}

}  // namespace vl
