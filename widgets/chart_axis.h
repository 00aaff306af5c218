// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>

#include <QObject>
#include <QString>

namespace vl {

/// The x axis that stacked charts share: range, cursor, "now". Margins are the same everywhere, so that one cursor line
/// crosses all.
class ChartAxis : public QObject {
    Q_OBJECT
public:
    enum class Kind { Count, Duration };
    static constexpr int leftMargin = 48, rightMargin = 56;

    explicit ChartAxis(QObject* parent = nullptr) : QObject(parent) {}

    double lower() const { return zoomed_ ? lower_ : fullLower_; }
    double upper() const { return zoomed_ ? upper_ : fullUpper_; }
    bool zoomed() const { return zoomed_; }
    /// What there is to see; shown as long as nobody zoomed.
    void setFull(double lower, double upper);
    void setRange(double lower, double upper);  ///< a zoom; ignored when empty or not finite
    void zoomAt(double x, double factor);       ///< factor > 1 shows more; x keeps its place
    void pan(double delta);
    void reset();                               ///< back to everything, y ranges too

    std::optional<double> cursor() const { return cursor_; }
    void setCursor(std::optional<double> x);
    std::optional<double> now() const { return now_; }
    void setNow(std::optional<double> x);

    Kind kind() const { return kind_; }
    void setKind(Kind kind, const QString& title);
    const QString& title() const { return title_; }
    /// Words of the flag at the cursor, e.g. "step 5,148 epoch 11.0"; by default the number.
    std::function<QString(double)> flagText;
    QString valueText(double x) const;          ///< "5,148" or "12:04"

    double toPixel(double x, int width) const;
    double fromPixel(double pixel, int width) const;

Q_SIGNALS:
    void rangeChanged();
    void cursorChanged();
    void nowChanged();
    void resetRequested();

private:
    double fullLower_ = 0, fullUpper_ = 1, lower_ = 0, upper_ = 1;
    bool zoomed_ = false;
    std::optional<double> cursor_, now_;
    Kind kind_ = Kind::Count;
    QString title_ = "Step";
};

/// "0:45", "14:03", "1:02:45".
QString durationText(double seconds);
/// "12,345" in the user's locale with the group sign the design asks for.
QString countText(double value);

}  // namespace vl
