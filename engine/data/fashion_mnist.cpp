// SPDX-License-Identifier: Apache-2.0
#include "engine/data/fashion_mnist.h"

#include <cstdlib>

#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/data/idx.h"

namespace vl {
namespace fs = std::filesystem;
namespace {

fs::path findPart(const fs::path& folder, const std::string& name) {
    std::error_code error;
    for (const auto* ending : {".gz", ""})
        if (const auto file = folder / (name + ending); fs::is_regular_file(file, error)) return file;
    throw Error(ErrorCode::NotFound, "Fashion-MNIST is not in " + folder.string() + " (" + name + " is missing).",
                "Install the Debian package dataset-fashion-mnist, or set data.path to the folder with the four IDX files.");
}

std::vector<std::uint8_t> fitted(const IdxArray& images, int imageSize, int channels) {
    const auto count = static_cast<std::size_t>(images.shape[0]);
    const auto height = static_cast<int>(images.shape[1]), width = static_cast<int>(images.shape[2]);
    const std::size_t from = static_cast<std::size_t>(width) * height, to = static_cast<std::size_t>(imageSize) * imageSize * channels;
    std::vector<std::uint8_t> pixels;
    pixels.reserve(count * to);
    Image image{width, height, 1, {}};
    for (std::size_t i = 0; i < count; ++i) {
        image.pixels.assign(images.values.begin() + static_cast<std::ptrdiff_t>(i * from),
                            images.values.begin() + static_cast<std::ptrdiff_t>((i + 1) * from));
        const auto fit = fitImage(image, imageSize, channels);
        pixels.insert(pixels.end(), fit.pixels.begin(), fit.pixels.end());
    }
    return pixels;
}

}  // namespace

fs::path fashionMnistFolder(const std::string& path) {
    if (!path.empty()) return path;
    if (const char* chosen = std::getenv("VISIONLLAMA_FASHION_MNIST"); chosen && *chosen) return chosen;
    return "/usr/share/datasets/fashion-mnist";
}

const std::vector<std::string>& fashionMnistClasses() {
    static const std::vector<std::string> names{"T-shirt/top", "Trouser", "Pullover", "Dress", "Coat",
                                                "Sandal",      "Shirt",   "Sneaker",  "Bag",   "Ankle boot"};
    return names;
}

std::shared_ptr<const Dataset> openFashionMnist(const std::string& path, bool train, int imageSize, int channels) {
    const auto folder = fashionMnistFolder(path);
    const std::string part = train ? "train" : "t10k";
    const auto imageFile = findPart(folder, part + "-images-idx3-ubyte");
    const auto labelFile = findPart(folder, part + "-labels-idx1-ubyte");
    const auto images = readIdx(imageFile, 3);
    auto labels = readIdx(labelFile, 1);
    if (images.shape[0] != labels.shape[0] || images.shape[1] != 28 || images.shape[2] != 28)
        throw Error(ErrorCode::BadFile, imageFile.string() + " and its label file do not belong together.", "Fetch the data set again.");
    return std::make_shared<MemoryDataset>(fashionMnistClasses(), imageSize, channels, fitted(images, imageSize, channels),
                                           std::move(labels.values));
}

}  // namespace vl
