// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QLineEdit>

namespace vl {

/// A number typed by hand: checked while typing, never silently corrected. Up and down arrows (with Shift: ten times as
/// far) step the last digit. Reads a point in any locale and the locale's own decimal sign.
class NumberField : public QLineEdit {
    Q_OBJECT
public:
    explicit NumberField(QWidget* parent = nullptr);

    void setRange(double min, double max);
    void setInteger(bool integer);
    void setUnit(const QString& unit);            ///< drawn inside at the right while there is room
    void setValue(double value);                  ///< no signal
    std::optional<double> value() const;          ///< empty: the text is no number in range
    QString problem() const { return problem_; }  ///< one sentence, empty when all is well

Q_SIGNALS:
    void valueEdited(double value);      ///< by the user, valid
    void problemChanged(const QString& problem);

protected:
    void keyPressEvent(QKeyEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    QSize sizeHint() const override { return {80, 28}; }

private:
    void check(bool byUser);
    void stepBy(int steps);
    void placeUnit();
    std::optional<double> parsed() const;
    double min_ = 0, max_ = 0;
    bool integer_ = false, unitFits_ = false;
    QString unit_, problem_;
};

/// Shortest text of a number for fields and sentences: "0.0012", "1e-06", "128".
QString numberText(double value);

}  // namespace vl
