// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QImage>
#include <QStringList>

class QPainter;
class QRect;

namespace vl {

/// The small drawings on the start cards. All read the theme when they draw.
void paintMosaic(QPainter& painter, const QRect& area, const std::vector<QImage>& pictures);
/// The picture with its patch grid; every patch is tinted by how much it resembles the framed one.
void paintPatches(QPainter& painter, const QRect& area, const QImage& picture);
/// A loss curve: the given one, or a drawn example when there is none yet.
void paintCurve(QPainter& painter, const QRect& area, const std::vector<double>& losses);
struct RunLine {
    QString name;
    int series = 0;
    double share = 1;     ///< of the run done, 0..1
};
void paintRunList(QPainter& painter, const QRect& area, const std::vector<RunLine>& runs);

}  // namespace vl
