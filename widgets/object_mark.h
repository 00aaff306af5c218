// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QRectF>
#include <QString>

#include "engine/api/dense.h"

namespace vl {

/// An object as the picture and the table show it.
struct ObjectMark {
    bool truth = false;   ///< there, but not found; drawn dashed
    int index = -1;       ///< of its list of found or true objects
    int mask = -1;        ///< number of its mask in the layers, -1: none
    Box box{};
    QColor colour;
    QString name;
    double score = -1;    ///< below 0: none
    QString fate;         ///< "false", "is Sneaker", "missed"; empty: right or not known
    bool same(const ObjectMark& other) const { return truth == other.truth && index == other.index; }
};

inline QRectF rectOf(const Box& box) { return QRectF(QPointF(box[0], box[1]), QPointF(box[2], box[3])).normalized(); }

}  // namespace vl
