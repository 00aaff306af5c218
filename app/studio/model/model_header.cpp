// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/model_header.h"

#include <QHBoxLayout>
#include <QVBoxLayout>

#include "app/studio/model/model_words.h"
#include "app/studio/shell/studio_settings.h"
#include "widgets/buttons.h"

namespace vl {
namespace {

FactStrip::Fact withUnit(const QString& caption, const QString& text, Tone tone = Tone::Text) {
    return {caption, text.section(QLatin1Char(' '), 0, 0), text.section(QLatin1Char(' '), 1), tone};
}

FactStrip::Fact finiteFact(const TensorList& list, bool reading) {
    const QString caption = ModelHeader::tr("Not finite");
    if (list.notFinite > 0) return {caption, countText(list.notFinite), list.notFinite == 1 ? ModelHeader::tr("tensor") : ModelHeader::tr("tensors"), Tone::Error};
    if (list.report->statisticsDone) return {caption, QStringLiteral("0"), {}, Tone::Text};
    return {caption, QStringLiteral("–"), reading ? ModelHeader::tr("reading") : ModelHeader::tr("not read"), Tone::Text2};
}

}  // namespace

ModelHeader::ModelHeader(QWidget* parent)
    : QWidget(parent),
      title_(new ElidedLabel({}, Type::ViewTitle)),
      detail_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      explanation_(new ElidedLabel({}, Type::Secondary, Tone::Text2)),
      use_(new ElidedLabel({}, Type::Secondary)),
      inspect_(makeButton(tr("Open in Inspect"), QStringLiteral("eye"), ButtonKind::Normal)),
      facts_(new FactStrip) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    auto* line = new QWidget;
    line->setFixedHeight(48);
    auto* row = new QHBoxLayout(line);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    title_->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    detail_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Preferred);
    row->addWidget(title_);
    row->addWidget(detail_, 1);
    column->addWidget(line);
    // The button stands beside the sentence that speaks of it: the title line needs its width for the recognition.
    auto* words = new QHBoxLayout;
    words->setContentsMargins(0, 0, 0, 0);
    words->setSpacing(16);
    auto* sentences = new QVBoxLayout;
    sentences->setSpacing(0);
    for (ElidedLabel* text : {use_, explanation_}) {
        text->setFixedHeight(20);
        text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
        sentences->addWidget(text);
    }
    words->addLayout(sentences, 1);
    words->addWidget(inspect_, 0, Qt::AlignTop);
    column->addLayout(words);
    column->addSpacing(8);
    column->addWidget(facts_);
}

void ModelHeader::show(const TensorList& list, bool reading) {
    const CheckpointReport& report = *list.report;
    const Recognition& r = report.recognition;
    title_->setText(fromPath(report.file.filename()));
    detail_->setText(recognitionText(r));
    QString why = QString::fromStdString(r.explanation);
    if (r.known && !r.naming.empty())
        why += QLatin1Char(' ') + (r.naming == "official" ? tr("Names as in the official repository.")
                                                          : tr("Names as in %1.").arg(QString::fromStdString(r.naming)));
    for (const std::string& note : r.notes)
        why += QLatin1Char(' ') + QString::fromStdString(note);
    explanation_->setText(why);
    use_->setText(useText(r));
    const QString whyNot = whyNoPictures(r);
    inspect_->setEnabled(whyNot.isEmpty());
    inspect_->setToolTip(whyNot.isEmpty() ? tr("Look at pictures with this model") : whyNot);
    setTone(detail_, r.known ? Tone::Text2 : Tone::Warning);
    const std::int64_t parameters = r.known && list.chosenElements > 0 ? list.chosenElements : list.elements;
    facts_->setFacts({withUnit(tr("Parameters"), countText(parameters)),
                      {tr("Tensors"), countText(std::int64_t(report.tensors.size())), {}, Tone::Text},
                      withUnit(tr("File size"), bytesText(report.fileBytes)),
                      withUnit(tr("Type"), list.types),
                      finiteFact(list, reading)});
}

}  // namespace vl
