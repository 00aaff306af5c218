// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/types.h"

namespace vl {

/// Dense prediction as the studio and the command line see it: a class for every pixel, or boxes with masks.

/// Pixels with this label belong to no class; they count for nothing.
inline constexpr std::uint8_t kNoClass = 255;

using Colour = std::array<std::uint8_t, 3>;

/// Names and colours of a data set's classes, in the order of the model's outputs.
struct ClassList {
    std::vector<std::string> names;
    std::vector<Colour> colours;          ///< as many as names
};
/// The colour of a class without one of its own: far from its neighbours' in hue and lightness, the same in every program.
Colour classColour(int index);
/// `names` with classColour() for each.
ClassList classList(std::vector<std::string> names);

/// A binary mask as COCO stores it: runs down the columns, zeros first; the runs' sum is width * height.
struct RunMask {
    int width = 0, height = 0;
    std::vector<std::uint32_t> runs;
    bool empty() const { return runs.empty(); }
    bool operator==(const RunMask&) const = default;
};

/// x1, y1, x2, y2 in pixels of the picture.
using Box = std::array<float, 4>;

/// Something a detector found.
struct FoundObject {
    Box box{};
    int label = 0;
    float score = 0;                      ///< 0..1
    RunMask mask;                         ///< empty: the model has none
};

/// Something that is there.
struct TrueObject {
    Box box{};
    int label = 0;
    bool crowd = false;                   ///< a group that nobody counted: neither a hit nor a miss
    double area = 0;                      ///< of the annotation, pixels
    RunMask mask;                         ///< empty: only a box is known
};

/// A class for each pixel, row by row from the top.
struct PixelClasses {
    int width = 0, height = 0;
    std::vector<std::uint8_t> labels;               ///< the most likely class
    std::vector<std::uint8_t> confidence;           ///< its probability, 255: certain
    std::vector<std::uint8_t> second, secondConfidence;  ///< the next most likely class
    std::vector<std::uint8_t> entropy;              ///< of all classes, 255: all equally likely
};

/// As mmseg counts them, of one picture or many. A class that neither truth nor prediction has is NaN and left out of means.
struct SegmentScores {
    std::vector<double> iou, accuracy;    ///< per class, 0..1
    double meanIou = 0, meanAccuracy = 0, pixelAccuracy = 0;
    std::vector<std::int64_t> confusion;  ///< [truth][prediction], pixels
};

/// COCO's twelve figures, as pycocotools gives them; -1 where there is nothing to count.
struct AverageScores {
    double ap = -1, ap50 = -1, ap75 = -1, apSmall = -1, apMedium = -1, apLarge = -1;
    double ar1 = -1, ar10 = -1, ar100 = -1, arSmall = -1, arMedium = -1, arLarge = -1;
};
struct DetectScores {
    AverageScores boxes, masks;
    std::vector<double> boxAp, maskAp;    ///< per class over all thresholds, -1: the class does not occur
    /// Precision at recall 0, 0.01 .. 1 at an overlap of 0.5, per class [101]; -1 where it does not occur.
    std::vector<std::vector<double>> boxCurves, maskCurves;
};

/// How a segmenter meets a picture of any size.
struct SegmentTesting {
    enum class Way { Auto, Whole, Sliding } way = Way::Auto;  ///< Auto: whole where the model takes the size, else sliding
    int baseLong = 0, baseShort = 0;      ///< the picture is fitted into these sides first, 0: its own size
    std::vector<double> scales{1};        ///< several: probabilities are averaged
    bool flip = false;                    ///< the mirrored picture counts too
};

/// Which boxes leave the detector. Views filter further without asking again.
struct DetectTesting {
    double threshold = 0.05;              ///< lowest score
    double overlap = 0.5;                 ///< of suppression, class by class
    int most = 100;
    bool proposals = false;               ///< keep what the proposal network handed on
};

/// One or many pictures to be segmented or searched. A new request of the same task takes the place of an unfinished one.
struct DenseRequest {
    std::uint64_t id = 0;                 ///< chosen by the caller
    ModelTask task = ModelTask::Segment;  ///< Segment or Detect
    std::filesystem::path checkpoint;     ///< empty: the demo's
    bool live = false;                    ///< use the running training's weights
    Image image;                          ///< pasted; otherwise
    std::filesystem::path source;         ///< a picture, a folder of them or a video
    std::string imageName;
    /// Truth: a folder of masks of the same names or a COCO file; empty: looked for beside `source` as the known layouts have it.
    std::filesystem::path truth;
    int videoStep = 1;                    ///< every n-th frame of a video
    SegmentTesting segment;
    DetectTesting detect;
};

/// One picture's answer. Never changes once handed out; while tiles come in, newer ones take its place.
struct DensePicture {
    std::string name;                     ///< file name, "frame 120", "pasted picture"
    std::filesystem::path file;           ///< empty: pasted or a frame
    Image picture;                        ///< in its own size, RGB
    std::shared_ptr<const PixelClasses> classes;    ///< Segment
    std::vector<FoundObject> objects;               ///< Detect, by falling score
    std::vector<FoundObject> proposals;             ///< if asked for; label 0
    std::shared_ptr<const PixelClasses> truthClasses;  ///< labels only; null: no truth
    std::optional<std::vector<TrueObject>> truthObjects;
    std::optional<SegmentScores> scores;            ///< of this picture alone
    int tilesDone = 0, tiles = 0;         ///< complete when equal
    double milliseconds = 0;
    std::string problem, advice;          ///< not empty: this picture could not be used; the others go on
};

/// What is known of a request so far.
struct DenseLook {
    std::uint64_t request = 0;            ///< 0: nothing was asked yet
    bool busy = false, cancelled = false;
    std::string modelName;                ///< preset
    std::string modelSource;              ///< "demo checkpoint", file name
    ClassList classes;
    int layers = 0, heads = 0;            ///< whose attention can be asked for; 0: none
    std::int64_t done = 0, all = 0;       ///< pictures
    std::uint64_t version = 0;            ///< grows with every change
    std::vector<std::shared_ptr<const DensePicture>> pictures;  ///< in order; those of a long list drop their pixels, newest kept
    std::optional<SegmentScores> segmentScores;     ///< of all pictures with truth so far
    std::optional<DetectScores> detectScores;       ///< when all are done
    std::string problem, advice;          ///< not empty: nothing could be done
};

/// Where the backbone looks, or what a level of the feature pyramid holds, for one picture of the present request.
struct RegionQuestion {
    std::uint64_t id = 0;
    ModelTask task = ModelTask::Segment;
    std::uint64_t request = 0;
    int picture = 0;                      ///< index in DenseLook::pictures
    enum class What { Attention, Features } what = What::Attention;
    RunMask region;                       ///< Attention: its patches' rows are averaged
    int layer = -1, head = -1;            ///< -1: the last; the mean of all
    int level = 0;                        ///< Features: 0 is the finest
};
struct RegionAnswer {
    std::uint64_t question = 0, request = 0;
    int picture = 0;
    int rows = 0, columns = 0;            ///< grid over the whole picture
    std::vector<float> values;            ///< row by row; attention: shares that sum to 1 over the keys the layer has
    std::string what;                     ///< "layer 8, mean of 4 heads", "level 2, stride 16, 256 channels"
    std::string problem, advice;
};

/// What to write of the present request's pictures.
struct DenseExport {
    ModelTask task = ModelTask::Segment;
    std::uint64_t request = 0;
    enum class Form { Overlay, IndexMask, Json, Coco } form = Form::Overlay;
    std::vector<int> pictures;            ///< indices; empty: all
    std::filesystem::path to;             ///< a file for one picture or one document, else a folder; never overwritten
    double threshold = 0.3, opacity = 0.5;
    std::vector<std::uint8_t> muted;      ///< classes left out of overlays
};

}  // namespace vl
