// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>

#include <QLocale>

#include "app/studio/inspect/inspect_view.h"
#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/selection.h"
#include "widgets/paint_helpers.h"

namespace vl {
namespace {

// What the distance bars are full at: attention spread evenly, seen from a corner.
double cornerDistance(const AttentionGeometry& g) {
    double sum = 0;
    for (int r = 0; r < g.keyRows; ++r)
        for (int c = 0; c < g.keyCols; ++c)
            sum += std::hypot(r, c);
    return sum / std::max(1, g.keyRows * g.keyCols);
}

}  // namespace

AttentionDirection InspectView::direction() const {
    const bool columns = (choices_.direction == AttentionDirection::AttendedBy) != shift_;
    return columns ? AttentionDirection::AttendedBy : AttentionDirection::AttendsTo;
}

bool InspectView::masked() const { return choices_.masked && shown_ && shown_->geometry.maskAfterSoftmax; }

int InspectView::layer() const {
    return shown_ ? std::clamp(context_.selection.layer(), 0, static_cast<int>(shown_->layers.size()) - 1) : 0;
}
int InspectView::head() const {
    return shown_ ? std::clamp(context_.selection.head(), 0, shown_->layers[layer()].heads - 1) : 0;
}

bool InspectView::rolloutReady() const {
    const auto analysis = job_.result();
    // Of a live run the matrices may be a refresh behind; another picture's or model's would be of another shape or
    // question.
    return choices_.rollout && analysis && analysis->rollout && analysis->masked == choices_.masked && fits(*analysis);
}

bool InspectView::fits(const Analysis& analysis) const {
    return shown_ && analysis.inspection->request == shown_->request &&
           analysis.summary.layers.size() == shown_->layers.size() &&
           analysis.inspection->geometry.tokens == shown_->geometry.tokens;
}

QString InspectView::tokenName(int token) const {
    const auto patch = patchOfToken(shown_->geometry, token);
    return patch                                       ? QStringLiteral("(%1, %2)").arg(patch->row).arg(patch->col)
           : token == shown_->geometry.classTokenIndex ? tr("class")
                                                       : QString();
}

std::vector<float> InspectView::valuesOf(int token, AttentionDirection direction, bool masked) const {
    if (rolloutReady()) return job_.result()->rollout->vector(layer(), token, direction);
    return attentionVector(*shown_, {layer(), head(), choices_.fusion, direction, masked}, token);
}

RowStats InspectView::statsOf(int token) const {
    const auto way = direction();
    if (rolloutReady() || way == AttentionDirection::AttendedBy)
        return vectorStats(shown_->geometry, valuesOf(token, way, masked()), token);
    return rowStats(*shown_, {layer(), head(), choices_.fusion, way, masked()}, token);
}

// The class token is left out: a model that parks its attention there would paint every patch black.
double InspectView::patchMax(const std::vector<float>& values) const {
    const auto first = values.begin() + shown_->geometry.firstPatchToken;
    return finiteMax({first, first + shown_->geometry.keyRows * shown_->geometry.keyCols});
}

void InspectView::startAnalysis() {
    job_.start(shown_, choices_.masked, choices_.rollout);
    refreshCard();
}

void InspectView::refresh() {
    if (!shown_) return;
    const QString whyNot =
        shown_->geometry.maskAfterSoftmax ? QString() : tr("This model has no mask after the softmax.");
    header_->setMasked(masked(), whyNot);
    header_->setColumns(direction() == AttentionDirection::AttendedBy);
    body_->grid().setCurrent(layer(), head(), choices_.fusion != HeadFusion::One || choices_.rollout);
    body_->canvas().setLook(choices_.map, choices_.opacity);
    refreshHeader();
    refreshCard();
    refreshMaps();
}

// Everything that follows the pointer; kept under a frame at 1025 tokens.
void InspectView::refreshMaps() {
    if (!shown_) return;
    refreshGrid();
    auto& canvas = body_->canvas();
    const auto values = valuesOf(query_, direction(), masked());
    const double max = choices_.shared && !rolloutReady() ? sharedMax_ : patchMax(values);
    canvas.setQuery(query_);
    std::vector<Pin> pins;
    for (int token : pins_)
        pins.push_back({token});
    canvas.setPins(pins);
    canvas.setBoundary(masked() && !rolloutReady() ? std::optional(shown_->alpha) : std::nullopt, direction());
    canvas.setValues(values, {max, choices_.log});
    refreshBars();
    refreshReadouts();
}

void InspectView::refreshGrid() {
    const auto& g = shown_->geometry;
    const int layers = static_cast<int>(shown_->layers.size());
    int heads = 1;
    for (const auto& each : shown_->layers)
        heads = std::max(heads, each.heads);
    std::vector<std::vector<float>> values(static_cast<std::size_t>(layers) * heads);
    std::vector<double> largest(values.size(), 0);
    sharedMax_ = 0;
    for (int l = 0; l < layers; ++l)
        for (int h = 0; h < shown_->layers[l].heads; ++h) {
            const auto i = static_cast<std::size_t>(l) * heads + h;
            values[i] = attentionVector(*shown_, {l, h, HeadFusion::One, direction(), masked()}, query_);
            largest[i] = patchMax(values[i]);
            sharedMax_ = std::max(sharedMax_, largest[i]);
        }
    std::vector<QImage> maps(values.size());
    for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i].empty()) continue;
        const ValueScale scale{choices_.shared ? sharedMax_ : largest[i], choices_.log};
        maps[i] = QImage(g.keyCols, g.keyRows, QImage::Format_RGB32);
        for (int r = 0, j = g.firstPatchToken; r < g.keyRows; ++r) {
            auto* line = reinterpret_cast<QRgb*>(maps[i].scanLine(r));
            for (int c = 0; c < g.keyCols; ++c, ++j)
                line[c] = colorAt(choices_.map, scale.normalise(values[i][j]));
        }
    }
    body_->grid().setMaps(layers, heads, std::move(maps));
}

void InspectView::refreshBars() {
    std::vector<KeyBarsRow> rows;
    const auto add = [&](int token, int slot) {
        const auto shown = valuesOf(token, direction(), masked());
        rows.push_back({tokenName(token), slot, token,
                        masked() && !rolloutReady() ? valuesOf(token, direction(), false) : shown, shown});
    };
    add(query_, -1);
    for (int slot = 0; slot < maxPins; ++slot)
        if (pins_[slot] >= 0) add(pins_[slot], slot);
    body_->setBarRows(static_cast<int>(rows.size()));
    body_->bars().setValueName(rolloutReady() ? tr("rollout") : tr("softmax"));
    body_->bars().setRows(std::move(rows), shown_->geometry, masked() && !rolloutReady(), direction());
}

void InspectView::refreshReadouts() {
    const bool columns = direction() == AttentionDirection::AttendedBy;
    const auto stats = statsOf(query_);
    const auto known = [&](double value) { return stats.finite ? fixedText(value, 3) : tr("not finite"); };
    const QString massName = columns ? tr("Received mass") : rolloutReady() ? tr("Sum of the row") : tr("Kept mass");
    panel_->cursor().setRows({
        {columns ? tr("Key patch") : tr("Query patch"), tokenName(query_), {}},
        {tr("Token"), QLocale().toString(query_), tr("of %1").arg(QLocale().toString(shown_->geometry.tokens))},
        {tr("Entropy"), known(stats.entropyBits), tr("bit")},
        {tr("Mean distance"), known(stats.meanDistance), tr("patch")},
        {massName, known(stats.keptMass), columns ? QString() : tr("of 1")},
        {columns ? tr("Strongest query") : tr("Strongest key"),
         stats.finite ? tokenName(stats.strongestKey) : QString(),
         {}},
        {tr("Its weight"), stats.finite ? shareText(stats.strongestWeight) : QString(), tr("of 1")},
    });
    const QString place = choices_.rollout                      ? tr("rollout to layer %1").arg(layer() + 1)
                          : choices_.fusion == HeadFusion::Mean ? tr("layer %1 mean of heads").arg(layer() + 1)
                          : choices_.fusion == HeadFusion::Max  ? tr("layer %1 max of heads").arg(layer() + 1)
                          : choices_.fusion == HeadFusion::Min
                              ? tr("layer %1 min of heads").arg(layer() + 1)
                              : tr("layer %1 head %2").arg(layer() + 1).arg(head() + 1);
    panel_->setCursorCaption(place);
    std::array<PinList::Row, maxPins> rows;
    for (int slot = 0; slot < maxPins; ++slot) {
        if (pins_[slot] < 0) continue;
        const auto one = statsOf(pins_[slot]);
        rows[slot] = {tokenName(pins_[slot]), one.finite ? fixedText(one.keptMass, 3) : tr("not finite")};
    }
    panel_->setPins(rows, columns ? tr("received") : rolloutReady() ? tr("sum") : tr("kept"));
}

void InspectView::refreshStats() {
    if (!shown_) return;
    const auto analysis = job_.result();
    // While the next analysis of the same picture is under way the last one stays: numbers that blink cannot be read.
    if (analysis && fits(*analysis))
        body_->grid().setStats(analysis->summary.layers, std::log2(shown_->geometry.tokens),
                               cornerDistance(shown_->geometry));
    else
        body_->grid().setStats({}, 1, 1);
    refreshHeader();
    refreshCard();
}

void InspectView::refreshHeader() {
    if (!active_) return;
    const auto& model = context_.selection.model();
    const bool canFollow = isActive(context_.link.status().state);
    panel_->setLive(model.live, canFollow ? QString() : tr("No run is in progress."));
    if (!shown_) return;
    const auto& image = context_.selection.image();
    QStringList parts;
    if (!shown_->predictions.empty()) parts << QString::fromStdString(shown_->predictions.front().className);
    const bool waiting = shown_->request != requested_;
    if (waiting)
        parts << tr("looking again…");
    else if (shown_->live)
        parts << tr("live, step %1").arg(QLocale().toString(static_cast<qlonglong>(shown_->step)));
    else
        parts << QString::fromStdString(shown_->source);
    Tone tone = Tone::Text2;
    const auto analysis = job_.result();
    if (analysis && fits(*analysis) && analysis->summary.badRows > 0) {
        parts << tr("%n attention rows are not finite and left out", nullptr,
                    static_cast<int>(analysis->summary.badRows));
        tone = Tone::Error;
    }
    header_->setTexts(image.name, parts.join(QStringLiteral(", ")), tone);

    const int count = static_cast<int>(shown_->predictions.size());
    panel_->setPredictionCaption(tr("top %1 of %2").arg(std::min(5, count)).arg(count));
    panel_->prediction().setPredictions(shown_->predictions, image.label);
    const auto& g = shown_->geometry;
    panel_->model().setRows({{tr("Preset"), QString::fromStdString(shown_->modelName), {}},
                             {tr("Weights"), QString::fromStdString(shown_->source), {}},
                             {tr("Soft-mask α"), fixedText(shown_->alpha, 4), {}},
                             {tr("Layers"), QString::number(shown_->layers.size()), {}},
                             {tr("Heads"), QString::number(shown_->layers[layer()].heads), {}},
                             {tr("Tokens"), QLocale().toString(g.tokens), {}},
                             {tr("Patch grid"), QStringLiteral("%1 × %2").arg(g.queryRows).arg(g.queryCols), {}},
                             {tr("Patch size"), tr("%1 px").arg(shown_->patchSize), {}},
                             {tr("Class token"),
                              g.classTokenIndex < 0    ? tr("none")
                              : g.classTokenIndex == 0 ? tr("first")
                                                       : tr("last"),
                              {}},
                             {tr("Answered in"), tr("%1 ms").arg(fixedText(shown_->milliseconds, 1)), {}}});
    const auto size = [](const Image& i) {
        return QStringLiteral("%1 × %2 %3").arg(i.width).arg(i.height).arg(i.channels == 1 ? tr("grey") : tr("RGB"));
    };
    panel_->picture().setRows({{tr("Name"), image.name, {}},
                               {tr("Original"), size(image.image), {}},
                               {tr("Seen by the model"), size(shown_->input), {}},
                               {tr("True class"),
                                image.label < 0             ? tr("not known")
                                : image.labelName.isEmpty() ? QString::number(image.label)
                                                            : image.labelName,
                                {}}});
}

void InspectView::refreshCard() {
    const bool sums = !masked() || (shown_ && shown_->alpha >= 1);
    body_->card().setState(choices_.rollout, sums, layer() + 1, choices_.rollout && !rolloutReady());
    body_->place();
}

}  // namespace vl
