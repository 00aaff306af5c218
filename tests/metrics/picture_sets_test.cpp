// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <algorithm>

#include <ATen/TensorOperators.h>
#include <ATen/ops/allclose.h>
#include <ATen/ops/arange.h>
#include <ATen/ops/eye.h>
#include <ATen/ops/tensor.h>
#include <ATen/ops/zeros.h>

#include "engine/api/data_source.h"
#include "engine/metrics/measure_pictures.h"
#include "tests/core/expect_error.h"
#include "tests/core/scratch_folder.h"

namespace vl {
namespace {

using test::expectError;
using test::ScratchFolder;
using Shape = std::vector<std::int64_t>;

std::span<const std::byte> bytesOf(const at::Tensor& tensor) {
    return {static_cast<const std::byte*>(tensor.const_data_ptr()), tensor.nbytes()};
}

std::filesystem::path writeNpz(const std::filesystem::path& file, const at::Tensor& pictures,
                               const std::vector<std::int64_t>& labels = {}) {
    NpzWriter writer(file);
    writer.add("arr_0", "U8", pictures.sizes().vec(), bytesOf(pictures));
    if (!labels.empty())
        writer.add("arr_1", "I64", {static_cast<std::int64_t>(labels.size())}, std::as_bytes(std::span(labels)));
    writer.commit();
    return file;
}

at::Tensor counted(at::IntArrayRef shape) {
    std::int64_t count = 1;
    for (const auto extent : shape)
        count *= extent;
    return at::arange(count, at::kLong).remainder(256).to(at::kByte).view(shape);
}

/// Says of a picture: features (first byte, sum), class first byte modulo 4, sure.
class FirstByte final : public FeatureExtractor {
public:
    PictureFeatures extract(const at::Tensor& pictures) override {
        const at::Tensor flat = pictures.to(at::kDouble).flatten(1);
        PictureFeatures features;
        features.pooled = at::zeros({flat.size(0), 2}, at::kDouble);
        features.pooled.select(1, 0).copy_(flat.select(1, 0));
        features.pooled.select(1, 1).copy_(flat.sum(1));
        features.pooled = features.pooled.to(at::kFloat);
        features.probabilities = at::eye(4).index_select(0, flat.select(1, 0).remainder(4).to(at::kLong));
        return features;
    }
    std::string name() const override { return "first byte"; }
};

TEST(NpzPictures, ComeInBatchesWithTheirLabels) {
    const ScratchFolder folder;
    const at::Tensor pictures = counted({5, 2, 3, 3});
    const auto source = openPictures(writeNpz(folder / "x.npz", pictures, {4, 3, 2, 1, 0}).string());
    EXPECT_EQ(source->size(), 5);
    const auto first = source->next(3), second = source->next(3), end = source->next(3);
    EXPECT_TRUE(first.pictures.equal(pictures.narrow(0, 0, 3).permute({0, 3, 1, 2})));
    EXPECT_EQ(first.labels, (std::vector<int>{4, 3, 2}));
    EXPECT_TRUE(second.pictures.equal(pictures.narrow(0, 3, 2).permute({0, 3, 1, 2})));
    EXPECT_EQ(second.labels, (std::vector<int>{1, 0}));
    EXPECT_FALSE(end.pictures.defined());
}

TEST(NpzPictures, MayBeGreyAndMustBePictures) {
    const ScratchFolder folder;
    EXPECT_EQ(openPictures(writeNpz(folder / "a.npz", counted({2, 4, 5})).string())->next(9).pictures.sizes(),
              (Shape{2, 1, 4, 5}));
    for (const Shape& shape : {Shape{4}, Shape{2, 4, 5, 2}, Shape{2, 0, 5, 3}, Shape{1, 1, 2, 2, 3}})
        expectError(ErrorCode::BadFile, [&] { openPictures(writeNpz(folder / "b.npz", counted(shape)).string()); });
    NpzWriter writer(folder / "c.npz");
    writer.add("mu", "F32", {1}, bytesOf(at::zeros({1})));
    writer.commit();
    expectError(ErrorCode::BadFile, [&] { openPictures((folder / "c.npz").string()); });
    expectError(ErrorCode::NotFound, [&] { openPictures((folder / "none.npz").string()); });
    expectError(ErrorCode::Usage, [&] { openPictures("fashion-mnist:middle"); });
}

bool canWritePictures(const ScratchFolder& folder) {
    try {
        writePng(folder / "try.png", {1, 1, 1, {0}});
        return std::filesystem::remove(folder / "try.png");
    } catch (const Error&) {
        return false;
    }
}

TEST(FolderPictures, ComeByNameAndByOneSizeABatch) {
    const ScratchFolder folder;
    if (!canWritePictures(folder)) GTEST_SKIP() << "this build cannot write pictures";
    writePng(folder / "b.png", {2, 1, 1, {3, 4}});
    writePng(folder / "a.png", {2, 1, 1, {1, 2}});
    writePng(folder / "c.png", {1, 1, 3, {5, 6, 7}});
    test::put(folder / "notes.txt", "no picture");
    const auto source = openPictures(folder.path().string());
    EXPECT_EQ(source->size(), 3);
    const auto grey = source->next(9), colour = source->next(9);
    EXPECT_TRUE(grey.pictures.equal(at::tensor({1, 2, 3, 4}, at::kByte).view({2, 1, 1, 2})));
    EXPECT_TRUE(grey.labels.empty());
    EXPECT_TRUE(colour.pictures.equal(at::tensor({5, 6, 7}, at::kByte).view({1, 3, 1, 1})));
    EXPECT_FALSE(source->next(9).pictures.defined());
}

TEST(FolderPictures, TakeSubfoldersForClasses) {
    const ScratchFolder folder;
    if (!canWritePictures(folder)) GTEST_SKIP() << "this build cannot write pictures";
    std::filesystem::create_directories(folder / "empty");
    for (const char* name : {"shoe", "bag"})
        writePng(folder / name / "1.png", {1, 1, 1, {9}});
    const auto source = openPictures(folder.path().string());
    EXPECT_EQ(source->classNames(), (std::vector<std::string>{"bag", "shoe"}));
    EXPECT_EQ(source->next(9).labels, (std::vector<int>{0, 1}));
    expectError(ErrorCode::BadFile, [&] { openPictures((folder / "empty").string()); });
}

TEST(MeasurePictures, GathersEverythingInOnePass) {
    const ScratchFolder folder;
    const at::Tensor pictures = at::tensor({0, 1, 2, 3, 7}, at::kByte).view({5, 1, 1, 1});
    FirstByte network;
    MeasureOptions options;
    options.batch = 2;
    options.keep = 3;
    std::vector<std::int64_t> told;
    options.progress = [&](std::int64_t done, std::int64_t total) {
        EXPECT_EQ(total, 5);
        told.push_back(done);
        return true;
    };
    const auto source = openPictures(writeNpz(folder / "x.npz", pictures, {0, 1, 1, 3, 9}).string());
    const auto found = measurePictures(network, *source, options);
    EXPECT_EQ(found.pictures, 5);
    EXPECT_EQ(told, (std::vector<std::int64_t>{0, 2, 4}));
    EXPECT_NEAR(found.pooled.mean()[0].item<double>(), 13.0 / 5, 1e-12);
    EXPECT_EQ(found.spatial.count(), 0);
    EXPECT_FALSE(found.statistics().spatialMean.defined());
    EXPECT_TRUE(found.kept.select(1, 0).equal(at::tensor({0.0f, 1.0f, 2.0f})));
    ASSERT_EQ(found.classes.size(), 4u);  // labels 0, 1, 1, 3; the picture labelled 9 is none of the network's
    EXPECT_EQ(found.classes[1].pictures, 2);
    EXPECT_EQ(found.classes[1].right, 1);
    EXPECT_EQ(found.classes[3].right, 1);
    EXPECT_EQ(found.strayLabels, 1);
}

TEST(MeasurePictures, StopsWhenToldAndAtTheLimit) {
    const ScratchFolder folder;
    const auto file = writeNpz(folder / "x.npz", counted({9, 1, 1, 1}), {0, 0, 0, 0, 0, 0, 0, 0, 0}).string();
    FirstByte network;
    MeasureOptions options;
    options.limit = 4;
    options.batch = 3;
    options.classOf = {3};
    const auto found = measurePictures(network, *openPictures(file), options);
    EXPECT_EQ(found.pictures, 4);
    EXPECT_EQ(found.classes[3].pictures, 4);
    EXPECT_EQ(found.classes[3].right, 1);
    options.progress = [](std::int64_t done, std::int64_t) { return done < 3; };
    expectError(ErrorCode::Cancelled, [&] { measurePictures(network, *openPictures(file), options); });
}

TEST(ReferenceStatistics, AreReadBackAndReadFromFloats) {
    const ScratchFolder folder;
    const at::Tensor mean = at::arange(3, at::kDouble) / 7, covariance = at::eye(3, at::kDouble) / 3;
    const at::Tensor spatial = at::arange(2, at::kDouble) / 11;
    writeReferenceStatistics(folder / "x.npz", {mean, covariance, spatial, at::eye(2, at::kDouble)});
    const auto file = NpzFile::open(folder / "x.npz");
    ASSERT_TRUE(hasReferenceStatistics(file));
    const auto found = readReferenceStatistics(file, folder / "x.npz");
    EXPECT_TRUE(found.mean.equal(mean));
    EXPECT_TRUE(found.covariance.equal(covariance));
    EXPECT_TRUE(found.spatialMean.equal(spatial));
    EXPECT_TRUE(found.spatialCovariance.equal(at::eye(2, at::kDouble)));

    NpzWriter writer(folder / "y.npz");
    writer.add("mu", "F32", {3}, bytesOf(mean.to(at::kFloat)));
    writer.add("sigma", "F32", {3, 3}, bytesOf(covariance.to(at::kFloat)));
    writer.commit();
    const auto floats = readReferenceStatistics(NpzFile::open(folder / "y.npz"), folder / "y.npz");
    EXPECT_TRUE(floats.mean.equal(mean.to(at::kFloat).to(at::kDouble)));
    EXPECT_FALSE(floats.spatialMean.defined());
}

TEST(ReferenceStatistics, RefuseImpossibleOnes) {
    const ScratchFolder folder;
    const auto refused = [&](const at::Tensor& mean, const at::Tensor& covariance) {
        writeReferenceStatistics(folder / "x.npz", {mean, covariance, {}, {}});
        expectError(ErrorCode::BadFile,
                    [&] { readReferenceStatistics(NpzFile::open(folder / "x.npz"), folder / "x.npz"); });
    };
    refused(at::zeros({3}), at::zeros({2, 2}));
    refused(at::zeros({3}), at::zeros({3, 2}));
    refused(at::zeros({3, 1}), at::zeros({3, 3}));
    refused(at::zeros({0}), at::zeros({0, 0}));
    refused(at::zeros({1}) / 0, at::zeros({1, 1}));
    const auto only = writeNpz(folder / "y.npz", counted({1, 1, 1, 3}));
    EXPECT_FALSE(hasReferenceStatistics(NpzFile::open(only)));
    expectError(ErrorCode::BadFile, [&] { readReferenceStatistics(NpzFile::open(only), only); });
}

}  // namespace
}  // namespace vl
