// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/legend_readout.h"

#include <QPainter>
#include <algorithm>

#include "widgets/theme.h"

namespace vl {
namespace {

constexpr int kTitleColumn = 128;

}  // namespace

LegendReadout::LegendReadout(const QString& title, QWidget* parent) : QWidget(parent), title_(title) {
    setFixedHeight(24);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setMinimumWidth(160);
    connect(&Theme::instance(), &Theme::changed, this, qOverload<>(&QWidget::update));
    setAccessibleName(title);
}

void LegendReadout::setTitle(const QString& title) {
    title_ = title;
    setAccessibleName(title);
    update();
}

void LegendReadout::setEntries(std::vector<Entry> entries) {
    if (entries == entries_) return;
    if (entries.size() != entries_.size()) valueWidth_.clear(), rawWidth_.clear();
    entries_ = std::move(entries);
    valueWidth_.resize(entries_.size(), 0);
    rawWidth_.resize(entries_.size(), 0);
    const QFontMetrics mono(Theme::monoFont(12));
    for (std::size_t i = 0; i < entries_.size(); ++i) {
        valueWidth_[i] = std::max(valueWidth_[i], mono.horizontalAdvance(entries_[i].value));
        rawWidth_[i] = std::max(rawWidth_[i], mono.horizontalAdvance(entries_[i].raw));
    }
    setAccessibleDescription(spoken());
    update();
}

void LegendReadout::setNote(const QString& note) {
    if (note == note_) return;
    note_ = note;
    setAccessibleDescription(spoken());
    update();
}

QString LegendReadout::spoken() const {
    QStringList parts;
    for (const Entry& entry : entries_)
        parts << entry.name + ' ' + entry.value + (entry.raw.isEmpty() ? QString() : " raw " + entry.raw);
    if (!note_.isEmpty()) parts << note_;
    return parts.join(", ");
}

void LegendReadout::paintEvent(QPaintEvent*) {
    const Tokens& t = Theme::instance().tokens();
    const QFont name = Theme::uiFont(12), mono = Theme::monoFont(12);
    const QFontMetrics nameSize(name), monoSize(mono);
    QPainter painter(this);
    painter.setFont(Theme::uiFont(12, QFont::DemiBold));
    painter.setPen(t.text);
    painter.drawText(QRect(0, 0, width(), height()), Qt::AlignVCenter, title_);
    int x = std::max(kTitleColumn, painter.fontMetrics().horizontalAdvance(title_) + 16);
    const auto text = [&](const QString& words, const QFont& font, const QColor& ink, int reserve) {
        painter.setFont(font);
        painter.setPen(ink);
        painter.drawText(QRect(x, 0, width() - x, height()), Qt::AlignVCenter, words);
        x += reserve;
    };
    for (std::size_t i = 0; i < entries_.size() && x < width(); ++i) {
        const Entry& entry = entries_[i];
        painter.fillRect(x, height() / 2 - 1, 12, 3, entry.colour);
        x += 12 + 8;
        text(entry.name, name, t.text2, nameSize.horizontalAdvance(entry.name) + 8);
        text(entry.value, mono, t.text, valueWidth_[i] + 8);
        if (!entry.raw.isEmpty()) {
            text("raw", mono, t.text3, monoSize.horizontalAdvance("raw "));
            text(entry.raw, mono, t.text3, rawWidth_[i] + 8);
        }
        x += 8;
    }
    if (!note_.isEmpty() && x < width()) text(note_, name, t.text3, 0);
}

}  // namespace vl
