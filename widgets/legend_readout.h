// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QColor>
#include <QWidget>

namespace vl {

/// The legend is the read-out: title, then for every series swatch 12 x 3, name, value at the cursor, raw value.
class LegendReadout : public QWidget {
    Q_OBJECT
public:
    struct Entry {
        QString name, value, raw;  ///< raw may be empty
        QColor colour;
        bool operator==(const Entry&) const = default;
    };

    explicit LegendReadout(const QString& title, QWidget* parent = nullptr);
    void setTitle(const QString& title);
    void setEntries(std::vector<Entry> entries);
    void setNote(const QString& note);  ///< after the entries, in text 3
    const std::vector<Entry>& entries() const { return entries_; }
    QString note() const { return note_; }
    QString spoken() const;             ///< everything it says, for screen readers and tests
    QSize sizeHint() const override { return {320, 24}; }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QString title_, note_;
    std::vector<Entry> entries_;
    std::vector<int> valueWidth_, rawWidth_;  ///< widest so far, so that numbers do not push their neighbours about
};

}  // namespace vl
