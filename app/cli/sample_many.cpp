// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>

#include "app/cli/console.h"
#include "app/cli/interrupt.h"
#include "app/cli/sample_arguments.h"
#include "engine/api/data_source.h"
#include "engine/core/clock.h"
#include "engine/core/error.h"
#include "engine/core/text.h"
#include "engine/diffusion/noise.h"
#include "engine/generate/chain.h"
#include "engine/generate/latent_preview.h"
#include "engine/generate/sample_pictures.h"
#include "engine/io/npz_file.h"

namespace vl::cli {
namespace {

namespace fs = std::filesystem;

/// Where pictures go, one batch after the other; nothing stays unless finish() is reached.
class PictureSink {
public:
    virtual ~PictureSink() = default;
    virtual void add(const std::vector<Image>& pictures, std::span<const CellSettings> cells) = 0;
    virtual void finish() = 0;
};

/// Colour is what evaluation suites expect: grey is written three times.
class NpzSink final : public PictureSink {
public:
    NpzSink(const fs::path& file, std::int64_t count) : writer_(file), count_(count) {}
    void add(const std::vector<Image>& pictures, std::span<const CellSettings> cells) override {
        if (labels_.empty())
            writer_.begin("arr_0", "U8", {count_, pictures.front().height, pictures.front().width, 3});
        for (const Image& picture : pictures)
            writer_.append(std::as_bytes(std::span(threeChannels(picture))));
        for (const CellSettings& cell : cells)
            labels_.push_back(cell.label);
    }
    void finish() override {
        writer_.end();
        writer_.add("arr_1", "I64", {count_}, std::as_bytes(std::span(labels_)));
        writer_.commit();
    }

private:
    const std::vector<std::uint8_t>& threeChannels(const Image& picture) {
        if (picture.channels == 3) return picture.pixels;
        colours_.clear();
        for (const std::uint8_t grey : picture.pixels)
            colours_.insert(colours_.end(), 3, grey);
        return colours_;
    }
    NpzWriter writer_;
    std::int64_t count_;
    std::vector<std::int64_t> labels_;
    std::vector<std::uint8_t> colours_;
};

/// "007/000123.png": the class's number, then the sample's.
class FolderSink final : public PictureSink {
public:
    explicit FolderSink(fs::path folder) : folder_(std::move(folder)), partial_(folder_.string() + ".partial") {
        fs::remove_all(partial_);
    }
    ~FolderSink() override {
        std::error_code ignored;
        fs::remove_all(partial_, ignored);
    }
    void add(const std::vector<Image>& pictures, std::span<const CellSettings> cells) override {
        for (std::size_t i = 0; i < pictures.size(); ++i) {
            char name[32], label[16];
            std::snprintf(name, sizeof name, "%06lld.png", static_cast<long long>(written_++));
            std::snprintf(label, sizeof label, "%03d", cells[i].label);
            fs::create_directories(partial_ / label);
            writePng(partial_ / label / name, pictures[i]);
        }
    }
    void finish() override {
        fs::remove_all(folder_);  // only reached where it may be replaced
        fs::rename(partial_, folder_);
    }

private:
    fs::path folder_, partial_;
    std::int64_t written_ = 0;
};

std::vector<CellSettings> seriesOf(const SampleArguments& arguments, const SampleModel& model) {
    const CellSettings base = completed(baseOf(arguments), model.denoiser->spec());
    const std::vector<int> labels = labelsOf(arguments, model);
    std::vector<CellSettings> cells(static_cast<std::size_t>(arguments.count), base);
    for (std::size_t i = 0; i < cells.size(); ++i) {
        cells[i].label = labels[i % labels.size()];
        cells[i].seed = sampleSeed(base.seed, i);
    }
    return cells;
}

[[noreturn]] void stopped() {
    throw Error(ErrorCode::Cancelled, "Stopped; nothing was written.", "Run the command again to make the samples.");
}

}  // namespace

int sampleMany(const SampleArguments& arguments, SampleModel& model) {
    const std::vector<CellSettings> cells = seriesOf(arguments, model);
    std::unique_ptr<PictureSink> sink;
    if (arguments.npz.empty()) sink = std::make_unique<FolderSink>(arguments.folder);
    else sink = std::make_unique<NpzSink>(arguments.npz, arguments.count);
    ProgressLine line;
    const SystemClock clock;
    const double begin = clock.seconds(), total = static_cast<double>(cells.size()) * cells.front().steps;
    for (std::size_t from = 0; from < cells.size(); from += static_cast<std::size_t>(arguments.batch)) {
        const std::size_t count = std::min(static_cast<std::size_t>(arguments.batch), cells.size() - from);
        const auto part = std::span(cells).subspan(from, count);
        int step = 0;
        const at::Tensor drawn = drawSamples(*model.denoiser, part, arguments.batch, [&] {
            const double done = static_cast<double>(from) * cells.front().steps + static_cast<double>(count) * step++;
            const double spent = clock.seconds() - begin, left = done > 0 ? spent * (total - done) / done : 0;
            line.update(done / total, thousands(static_cast<std::int64_t>(from)) + " of " +
                                          thousands(arguments.count) + " samples" +
                                          (left > 0 ? ", " + duration(left) + " left" : ""));
            return !interrupted();
        });
        if (!drawn.defined()) stopped();
        const bool decode = model.autoencoder && model.denoiser->spec().diffusion.latent;
        sink->add(imagesFrom(decode ? decodeLatents(*model.autoencoder, drawn, 8, [](double) { return !interrupted(); })
                                    : shownPixels(drawn, model.denoiser->spec())),
                  part);
    }
    sink->finish();
    line.clear();
    const double spent = clock.seconds() - begin;
    std::printf("%s samples in %s (%s a second) written to %s\n", thousands(arguments.count).c_str(),
                duration(spent).c_str(), formatFixed(arguments.count / std::max(spent, 1e-9), 1).c_str(),
                (arguments.npz.empty() ? arguments.folder : arguments.npz).c_str());
    return 0;
}

}  // namespace vl::cli
