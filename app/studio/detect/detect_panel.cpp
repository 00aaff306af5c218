// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/detect/detect_panel.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QSlider>

#include "app/studio/detect/score_page.h"
#include "widgets/labels.h"
#include "widgets/number_field.h"
#include "widgets/paint_helpers.h"

namespace vl {

DetectPanel::Choices DetectPanel::choices() const {
    Choices c;
    c.look = {masks_->isChecked(), boxes_->isChecked(), labels_->isChecked(), opacity_->value() / 100.0};
    for (std::size_t i = 0; i < fates_.size(); ++i)
        c.fates[i] = fates_[i]->isChecked();
    c.attention = attention_->isChecked() && attention_->isEnabled();
    c.proposals = proposals_->isChecked();
    c.anchors = anchors_->isChecked();
    c.layer = layer_->currentIndex() - 1;
    c.head = head_->currentIndex() - 1;
    return c;
}

void DetectPanel::setChoices(const Choices& c) {
    setting_ = true;
    masks_->setChecked(c.look.masks);
    boxes_->setChecked(c.look.boxes);
    labels_->setChecked(c.look.labels);
    opacity_->setValue(static_cast<int>(c.look.opacity * 100 + 0.5));
    for (std::size_t i = 0; i < fates_.size(); ++i)
        fates_[i]->setChecked(c.fates[i]);
    attention_->setChecked(c.attention);
    proposals_->setChecked(c.proposals);
    anchors_->setChecked(c.anchors);
    setting_ = false;
    report();
}

void DetectPanel::toggle(const QString& what) {
    QCheckBox* box = what == QLatin1String("masks")    ? masks_
                     : what == QLatin1String("boxes")  ? boxes_
                     : what == QLatin1String("labels") ? labels_
                                                       : attention_;
    if (box->isEnabled()) box->setChecked(!box->isChecked());
}

void DetectPanel::report() {
    opacityText_->setText(tr("%1 %").arg(opacity_->value()));
    attentionRow_->setVisible(attention_->isChecked() && attention_->isEnabled());
    if (!setting_) Q_EMIT choicesChanged();
}

void DetectPanel::setThreshold(double value) {
    threshold_->setValue(value);
    thresholdText_->setText(fixedText(threshold_->value(), 2));
}

DetectTesting DetectPanel::testing() const {
    DetectTesting how;
    how.threshold = lowest_->value().value_or(how.threshold);
    how.overlap = overlap_->value().value_or(how.overlap);
    how.most = static_cast<int>(most_->value().value_or(how.most));
    how.proposals = proposals_->isChecked();
    return how;
}

void DetectPanel::setLivePossible(const QString& whyNot) {
    if (!whyNot.isEmpty() && live()) weights_->setCurrent(0);
    weights_->setChoiceEnabled(1, whyNot.isEmpty(), whyNot);
}

void DetectPanel::setFigures(const QString& leftName, const QString& left, const QString& rightName,
                             const QString& right) {
    leftName_->setText(leftName);
    left_->setText(left);
    rightName_->setText(rightName);
    right_->setText(right);
}

void DetectPanel::setFates(const ShownObjects& shown) {
    fateBlock_->setVisible(shown.judged);
    static const std::array<QString, 4> names{tr("Hits"), tr("Missed"), tr("False"), tr("Confused")};
    for (std::size_t i = 0; i < fates_.size(); ++i)
        fates_[i]->setText(tr("%1 %2").arg(names[i]).arg(shown.counts[i]));
}

void DetectPanel::setAttentionPossible(int layers, int heads) {
    const bool possible = layers > 0;
    attention_->setEnabled(possible);
    attention_->setToolTip(possible ? tr("Where the backbone looks for the object under the cursor (A)")
                                    : tr("Search a picture first; not every backbone has attention to show."));
    const auto fill = [](QComboBox* box, const QString& first, const QString& each, int count) {
        if (box->count() == count + 1) return;
        const QSignalBlocker quiet(box);
        box->clear();
        box->addItem(first);
        for (int i = 0; i < count; ++i)
            box->addItem(each.arg(i + 1));
    };
    fill(layer_, tr("Last layer"), tr("Layer %1"), std::max(layers, 0));
    fill(head_, tr("Mean of heads"), tr("Head %1"), std::max(heads, 0));
    attentionRow_->setVisible(attention_->isChecked() && possible);
}

void DetectPanel::setDetect(const QString& whyNot, const QString& note) {
    detect_->setEnabled(whyNot.isEmpty());
    detect_->setToolTip(whyNot.isEmpty() ? tr("Search again (Ctrl+Enter)") : whyNot);
    note_->setText(note);
}

void DetectPanel::setModels(const QStringList& names) {
    const QSignalBlocker quiet(chooser_);
    chooser_->clear();
    chooser_->addItems(names.isEmpty() ? QStringList(tr("demo")) : names);
    chooser_->setEnabled(!names.isEmpty());
}

void DetectPanel::setModelChosen(int index) { chooser_->setCurrentIndex(std::max(index, 0)); }

void DetectPanel::setProposalNote(const QString& note) {
    proposalNote_->setText(note);
    proposalNote_->setVisible(!note.isEmpty());
}

}  // namespace vl
