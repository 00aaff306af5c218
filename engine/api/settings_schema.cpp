// SPDX-License-Identifier: Apache-2.0
// The settings schema: one row a field. Everything else about settings is derived from this table.
#include <limits>
#include <type_traits>

#include "engine/api/settings.h"

namespace vl {
namespace {

using R = RunSettings;
using M = ModelSettings;
using D = DataSettings;
using T = TrainSettings;
using S = SoftMaskSettings;
using G = GenerateSettings;
using X = DenseSettings;

/// Follows a path of member pointers: at<&R::train, &T::lr>(settings) is settings.train.lr.
template <auto First, auto... Rest>
auto& at(auto& object) {
    if constexpr (sizeof...(Rest) == 0) return object.*First;
    else return at<Rest...>(object.*First);
}

template <auto... Path>
SettingValue getField(const RunSettings& settings) {
    const auto& field = at<Path...>(settings);
    using F = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_integral_v<F> && !std::is_same_v<F, bool>) return static_cast<std::int64_t>(field);
    else return field;
}

template <auto... Path>
void setField(RunSettings& settings, const SettingValue& value) {
    auto& field = at<Path...>(settings);
    using F = std::remove_cvref_t<decltype(field)>;
    if constexpr (std::is_integral_v<F> && !std::is_same_v<F, bool>)
        field = static_cast<F>(std::get<std::int64_t>(value));
    else field = std::get<F>(value);
}

struct Range {
    double min = 0, max = 0;
};

template <auto... Path>
SettingField row(std::string_view key, std::string_view label, std::string_view unit, Applies applies, Range range,
                 std::string_view help, std::vector<std::string_view> choices = {}) {
    return {key, label, unit, help, applies, range.min, range.max, std::move(choices), &getField<Path...>, &setField<Path...>};
}

constexpr auto now = Applies::Now;
constexpr auto nextRun = Applies::NextRun;
constexpr Range none{}, share{0, 1};
constexpr double many = 2147483647;           // of an int
constexpr double exact = 9007199254740992;    // integers a double holds exactly

std::vector<SettingField> makeFields() {
    return {
        row<&R::name>("name", "Name", "", nextRun, none, "Run folders are called after it."),

        row<&R::model, &M::preset>("model.preset", "Model", "", nextRun, none, "Architecture by name; the info command lists them."),
        row<&R::model, &M::numClasses>("model.num_classes", "Classes", "", nextRun, {0, 1e6}, "Outputs of the head; 0 takes the number of the data set."),
        row<&R::model, &M::imageSize>("model.image_size", "Image size", "px", nextRun, {0, 4096}, "Side of the square input; 0 takes the preset's."),
        row<&R::model, &M::classToken>("model.class_token", "Class token", "", nextRun, none, "Where the class token stands in the sequence; under a causal mask only the last token sees every patch.", {"last", "first"}),
        row<&R::model, &M::attention>("model.attention", "Attention", "", nextRun, none, "How attention is computed: step by step, or as one fused kernel with the same result.", {"explicit", "fused"}),
        row<&R::model, &M::initFrom>("model.init_from", "Start from", "", nextRun, none, "Weights the run starts with: a checkpoint (.safetensors or .pth), or the name of a model that comes with demo weights; empty starts from random weights."),

        row<&R::data, &D::dataset>("data.dataset", "Data set", "", nextRun, none, "What to train on: Fashion-MNIST, a folder with one subfolder of pictures per class, a cache of encoded pictures, or annotated pictures in the layout of ADE20K, COCO-stuff, Pascal VOC, any folder of pictures and index masks, or COCO.", {"fashion-mnist", "folder", "latents", "ade20k", "coco-stuff", "voc", "masks", "coco"}),
        row<&R::data, &D::path>("data.path", "Folder", "", nextRun, none, "Where the data set lies; empty takes its usual place."),
        row<&R::data, &D::validationShare>("data.validation_share", "Validation share", "", nextRun, {0, 0.9}, "Share of the training pictures kept for evaluation; 0 uses the test split."),
        row<&R::data, &D::limit>("data.limit", "Use only", "pictures", nextRun, {0, many}, "Train on the first pictures only; 0 uses all."),
        row<&R::data, &D::batch>("data.batch", "Batch size", "pictures", nextRun, {1, 65536}, "Pictures in one optimiser step."),
        row<&R::data, &D::workers>("data.workers", "Loader threads", "", nextRun, {1, 64}, "Threads that prepare batches; the batches do not depend on it."),
        row<&R::data, &D::prefetch>("data.prefetch", "Batches ahead", "", nextRun, {1, 256}, "Batches kept ready while the model computes."),
        row<&R::data, &D::pad>("data.pad", "Crop padding", "px", nextRun, {0, 64}, "Black border added before the random crop; 0 turns cropping off."),
        row<&R::data, &D::flip>("data.flip", "Mirror", "", nextRun, none, "Mirror half of the training pictures left to right."),
        row<&R::data, &D::mean>("data.mean", "Mean", "", nextRun, share, "Subtracted from pixel values in 0..1."),
        row<&R::data, &D::std>("data.std", "Deviation", "", nextRun, {1e-6, 1e6}, "Pixel values are divided by it after the mean is taken off."),

        row<&R::train, &T::epochs>("train.epochs", "Epochs", "epochs", nextRun, {0, 1e6}, "Passes over the training pictures."),
        row<&R::train, &T::maxSteps>("train.max_steps", "Step limit", "steps", nextRun, {0, exact}, "Optimiser steps of the whole run; 0 lets the epochs decide."),
        row<&R::train, &T::lr>("train.lr", "Learning rate", "", now, {0, 10}, "Highest learning rate, reached at the end of the warm-up."),
        row<&R::train, &T::minLr>("train.min_lr", "Final rate", "", now, {0, 10}, "Where the cosine ends."),
        row<&R::train, &T::warmupEpochs>("train.warmup_epochs", "Warm-up", "epochs", nextRun, {0, 1e6}, "The learning rate rises linearly from 0 during it."),
        row<&R::train, &T::weightDecay>("train.weight_decay", "Weight decay", "", now, {0, 10}, "Of matrices only; norms, biases and tokens are left alone."),
        row<&R::train, &T::beta1>("train.beta1", "Beta 1", "", nextRun, {0, 0.999999}, "AdamW's average of gradients."),
        row<&R::train, &T::beta2>("train.beta2", "Beta 2", "", nextRun, {0, 0.99999999}, "AdamW's average of squared gradients."),
        row<&R::train, &T::clipNorm>("train.clip_norm", "Clip gradients", "", now, {0, 1e9}, "Largest norm over all gradients; 0 turns clipping off."),
        row<&R::train, &T::labelSmoothing>("train.label_smoothing", "Label smoothing", "", now, {0, 0.99}, "Share of the target spread evenly over all classes."),
        row<&R::train, &T::dropPath>("train.drop_path", "Drop path", "", nextRun, {0, 0.99}, "Chance of skipping the last block's branch, lower for earlier blocks."),
        row<&R::train, &T::schedule>("train.schedule", "Rate schedule", "", nextRun, none, "How the learning rate falls after the warm-up: as a cosine, linearly to 0, or to a tenth at given epochs.", {"cosine", "poly", "steps"}),
        row<&R::train, &T::rateDrops>("train.rate_drops", "Rate drops", "epochs", nextRun, none, "Schedule steps only: the epochs after which the rate falls to a tenth, with commas."),
        row<&R::train, &T::layerDecay>("train.layer_decay", "Layer decay", "", nextRun, {0.01, 1}, "Each layer learns at this share of the rate of the layer behind it; 1 treats all alike."),
        row<&R::train, &T::emaDecay>("train.ema_decay", "Weight average", "", nextRun, {0, 0.999999}, "Decay of a running average of the weights that is evaluated and saved in their place; 0 keeps none."),
        row<&R::train, &T::seed>("train.seed", "Seed", "", nextRun, {0, exact}, "Fixes weights, order and augmentation."),
        row<&R::train, &T::threads>("train.threads", "Threads", "", nextRun, {0, 1024}, "0 uses all cores."),
        row<&R::train, &T::parts>("train.parts", "Parts", "", nextRun, {1, 64}, "Each batch is cut into so many parts that are computed side by side with the threads shared out: small models keep several cores busier so. Batch norms see one part."),

        row<&R::softMask, &S::schedule>("soft_mask.schedule", "Schedule", "", now, none, "How the soft-mask rate falls from bidirectional (1) to causal (0).", {"standard", "constant", "linear", "piecewise"}),
        row<&R::softMask, &S::start>("soft_mask.start", "Start value", "", now, share, "Soft-mask rate at the first step; standard keeps it for the whole run."),
        row<&R::softMask, &S::cutoffEpochs>("soft_mask.cutoff_epochs", "Cut-off", "epochs", now, {0, 1e6}, "From here on the mask is causal (constant and linear)."),
        row<&R::softMask, &S::nodes>("soft_mask.nodes", "Curve", "", now, share, "Piecewise only: points of the curve; linear ramps to the next one, otherwise the value is held."),

        row<&R::generate, &G::prediction>("generate.prediction", "Prediction", "", nextRun, none, "What a denoiser predicts: noise, the velocity, the clean picture (DiT) or the score (SiT); default is the family's own.", {"default", "noise", "clean", "velocity", "score"}),
        row<&R::generate, &G::path>("generate.path", "Path", "", nextRun, none, "How noise turns into a picture in flow models.", {"Linear", "GVP", "VP"}),
        row<&R::generate, &G::lossWeight>("generate.loss_weight", "Loss weight", "", nextRun, none, "Of flow models that predict noise or the score.", {"none", "velocity", "likelihood"}),
        row<&R::generate, &G::betas>("generate.betas", "Noise schedule", "", nextRun, none, "Of DiT's 1000 steps.", {"linear", "cosine"}),
        row<&R::generate, &G::classDropout>("generate.class_dropout", "Label dropout", "", nextRun, {0, 0.99}, "Share of labels hidden in training, so that guidance has something to compare with."),
        row<&R::generate, &G::filmClasses>("generate.film_classes", "Film classes", "", nextRun, {0, 1000}, "Classes an evaluation draws samples of, the first ones; 0 draws none."),
        row<&R::generate, &G::filmPerClass>("generate.film_per_class", "Samples a class", "", nextRun, {1, 64}, "In the film, at fixed seeds."),
        row<&R::generate, &G::sampler>("generate.sampler", "Sampler", "", now, none, "For the film and the Frechet distance; default is the model's."),
        row<&R::generate, &G::sampleSteps>("generate.sample_steps", "Sampling steps", "steps", now, {1, 1000}, "For the film and the Frechet distance."),
        row<&R::generate, &G::guidance>("generate.guidance", "Guidance", "", now, {0, 100}, "Of the film; the Frechet distance is taken without, as the papers do."),
        row<&R::generate, &G::frechetSamples>("generate.frechet_samples", "Frechet samples", "pictures", now, {0, 100000}, "Unguided samples an evaluation compares with the data; 0 leaves the distance out."),
        row<&R::generate, &G::judge>("generate.judge", "Judge", "", nextRun, none, "Classifier whose features and answers judge samples; empty takes the demo's where it knows the data."),
        row<&R::generate, &G::autoencoder>("generate.autoencoder", "Autoencoder", "", nextRun, none, "Checkpoint that decodes the film of a latent model; empty shows a cheap projection."),

        row<&R::dense, &X::baseLong>("dense.base_long", "Base, long side", "px", nextRun, {1, 32768}, "Segmentation: pictures are fitted into long x short before the random resize, and for testing."),
        row<&R::dense, &X::baseShort>("dense.base_short", "Base, short side", "px", nextRun, {1, 32768}, "See the long side."),
        row<&R::dense, &X::minRatio>("dense.min_ratio", "Smallest resize", "", nextRun, {0.01, 16}, "Of the base (segmentation) or of the canvas (detection)."),
        row<&R::dense, &X::maxRatio>("dense.max_ratio", "Largest resize", "", nextRun, {0.01, 16}, "Of the base (segmentation) or of the canvas (detection)."),
        row<&R::dense, &X::mostOfOneClass>("dense.most_of_one_class", "Most of one class", "", nextRun, share, "Segmentation: crops with a larger share of one class are drawn again, ten times at most."),
        row<&R::dense, &X::photometric>("dense.photometric", "Change colours", "", nextRun, none, "Segmentation: random brightness, contrast, saturation and hue."),
        row<&R::dense, &X::shortSides>("dense.short_sides", "Short sides", "px", nextRun, none, "Detection: multi-scale training with one of these, with commas; empty jitters the scale instead."),
        row<&R::dense, &X::maxLong>("dense.max_long", "Longest side", "px", nextRun, {1, 32768}, "Detection, multi-scale training: pictures are no longer than this."),
        row<&R::dense, &X::headDropout>("dense.head_dropout", "Head dropout", "", nextRun, {0, 0.99}, "Segmentation: share of channels dropped before the last convolutions."),
        row<&R::dense, &X::proposalSamples>("dense.proposal_samples", "Proposal samples", "boxes", nextRun, {1, 100000}, "Detection: anchors of a picture that the proposal network learns from."),
        row<&R::dense, &X::regionSamples>("dense.region_samples", "Region samples", "boxes", nextRun, {1, 100000}, "Detection: regions of a picture that the heads learn from."),
        row<&R::dense, &X::shown>("dense.shown", "Pictures shown", "pictures", nextRun, {0, 64}, "Validation pictures whose overlay every evaluation draws."),

        row<&R::eval, &EvalSettings::everySteps>("eval.every_steps", "Evaluate every", "steps", now, {0, exact}, "0 evaluates only at the end."),
        row<&R::eval, &EvalSettings::batch>("eval.batch", "Batch size", "pictures", now, {1, 65536}, "Pictures in one evaluation batch."),
        row<&R::eval, &EvalSettings::limit>("eval.limit", "Use only", "pictures", now, {0, many}, "Evaluate on the first pictures only; 0 uses the whole split."),

        row<&R::checkpoint, &CheckpointSettings::every>("checkpoint.every", "Save every", "steps", now, {0, exact}, "0 saves only at the end."),
        row<&R::checkpoint, &CheckpointSettings::keep>("checkpoint.keep", "Keep", "checkpoints", now, {0, 100000}, "Numbered checkpoints kept besides the last and the best."),

        row<&R::inspect, &InspectSettings::share>("inspect.share", "Share of time", "", now, {0, 0.5}, "Part of the training time that looking inside the model may take."),
    };
}

}  // namespace

std::span<const SettingField> settingFields() {
    static const std::vector<SettingField> fields = makeFields();
    return fields;
}

}  // namespace vl
