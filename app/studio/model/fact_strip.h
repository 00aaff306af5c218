// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QWidget>

#include "widgets/tone.h"

namespace vl {

/// Big numbers under small captions, side by side; columns keep their places while numbers change.
class FactStrip : public QWidget {
    Q_OBJECT
public:
    struct Fact {
        QString caption, value, unit;
        Tone tone = Tone::Text;
        bool operator==(const Fact&) const = default;
    };
    explicit FactStrip(QWidget* parent = nullptr);
    void setFacts(std::vector<Fact> facts);
    QString value(const QString& caption) const;
    QSize minimumSizeHint() const override { return {320, height()}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    std::vector<Fact> facts_;
};

}  // namespace vl
