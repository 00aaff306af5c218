// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/icons.h"

#include <QDir>
#include <QFile>
#include <QHash>
#include <QIconEngine>
#include <QPainter>
#include <QPixmapCache>
#include <QSvgRenderer>
#include <algorithm>

// Q_INIT_RESOURCE must stand outside every namespace; a static library needs it to keep the resource object.
static void initIconResource() { Q_INIT_RESOURCE(vl_icons); }

namespace vl {
namespace {

/// The SVG text, read once per name; empty when there is no such icon.
const QByteArray& source(const QString& name) {
    static QHash<QString, QByteArray> cache;
    static const bool ready = (initIconResource(), true);
    Q_UNUSED(ready);
    const auto found = cache.constFind(name);
    if (found != cache.constEnd()) return *found;
    QFile file(":/icons/" + name + ".svg");
    return *cache.insert(name, file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray());
}

QPixmap drawn(const QString& name, const QSize& devicePixels, const QColor& colour) {
    const QString key = QStringLiteral("vl:%1:%2:%3:%4").arg(name, colour.name()).arg(devicePixels.width())
                            .arg(devicePixels.height());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap)) return pixmap;
    pixmap = QPixmap(devicePixels);
    pixmap.fill(Qt::transparent);
    QByteArray text = source(name);
    text.replace("currentColor", colour.name().toLatin1());
    QSvgRenderer renderer(text);
    QPainter painter(&pixmap);
    const int side = std::min(devicePixels.width(), devicePixels.height());
    renderer.render(&painter, QRectF(0, 0, side, side));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

class ThemedIconEngine final : public QIconEngine {
public:
    ThemedIconEngine(QString name, Tone tone) : name_(std::move(name)), tone_(tone) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        paintIcon(*painter, rect, name_, colour(mode));
    }
    // A button that wants room between icon and text asks for an icon wider than high: drawn() keeps it square, left.
    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State) override {
        return drawn(name_, size, colour(mode));
    }
    QPixmap scaledPixmap(const QSize& size, QIcon::Mode mode, QIcon::State, qreal scale) override {
        QPixmap result = drawn(name_, size, colour(mode));
        result.setDevicePixelRatio(scale);
        return result;
    }
    QIconEngine* clone() const override { return new ThemedIconEngine(name_, tone_); }
    QString key() const override { return QStringLiteral("vl-themed"); }

private:
    QColor colour(QIcon::Mode mode) const {
        return toneColour(Theme::instance().tokens(), mode == QIcon::Disabled ? Tone::Disabled : tone_);
    }
    QString name_;
    Tone tone_;
};

}  // namespace

QIcon icon(const QString& name, Tone tone) {
    if (source(name).isEmpty()) return {};
    return QIcon(new ThemedIconEngine(name, tone));
}

void paintIcon(QPainter& painter, const QRect& rect, const QString& name, const QColor& colour) {
    if (source(name).isEmpty()) return;
    const qreal ratio = painter.device() ? painter.device()->devicePixelRatioF() : 1.0;
    QPixmap pixmap = drawn(name, (QSizeF(rect.size()) * ratio).toSize(), colour);
    pixmap.setDevicePixelRatio(ratio);
    painter.drawPixmap(rect.topLeft(), pixmap);
}

QPixmap iconPixmap(const QString& name, int size, const QColor& colour, qreal devicePixelRatio) {
    if (source(name).isEmpty()) return {};
    QPixmap pixmap = drawn(name, (QSizeF(size, size) * devicePixelRatio).toSize(), colour);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    return pixmap;
}

QStringList iconNames() {
    source("play");
    QStringList names;
    for (const QString& file : QDir(":/icons").entryList({"*.svg"}, QDir::Files, QDir::Name))
        names << file.chopped(4);
    return names;
}

}  // namespace vl
