// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/dense/dense_source.h"

#include <algorithm>
#include <array>

#include <QCoreApplication>
#include <QImage>
#include <QMimeData>
#include <QUrl>

#include "app/studio/shell/dropped_item.h"
#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {
namespace {

constexpr std::array<const char*, 7> kVideoEndings = {".mp4", ".avi", ".mov", ".mkv", ".webm", ".m4v", ".gif"};

}  // namespace

bool hasVideoName(const std::filesystem::path& file) {
    const QString ending = fromPath(file.extension()).toLower();
    return std::ranges::any_of(kVideoEndings, [&](const char* each) { return ending == QLatin1String(each); });
}

std::optional<DenseRequest> denseSource(const std::filesystem::path& path) {
    std::error_code error;
    if (!hasPictureName(path) && !hasVideoName(path) && !std::filesystem::is_directory(path, error))
        return std::nullopt;
    DenseRequest request;
    request.source = path;
    request.imageName = path.filename().string();
    return request;
}

std::optional<DenseRequest> denseSource(const QMimeData& data) {
    for (const QUrl& url : data.urls())
        if (url.isLocalFile())
            if (auto request = denseSource(toPath(url.toLocalFile()))) return request;
    if (!data.urls().isEmpty()) return std::nullopt;
    if (data.hasImage()) {
        DenseRequest request;
        request.image = fromQImage(qvariant_cast<QImage>(data.imageData()));
        request.imageName = QCoreApplication::translate("DenseSource", "pasted picture").toStdString();
        if (!request.image.empty()) return request;
    }
    const QString text = data.text().trimmed();
    return text.startsWith(QLatin1Char('/')) && !text.contains(QLatin1Char('\n')) ? denseSource(toPath(text))
                                                                                  : std::nullopt;
}

QString denseFilter() {
    return QCoreApplication::translate("DenseSource",
                                       "Pictures and videos (*.png *.jpg *.jpeg *.bmp *.webp *.tif *.tiff *.ppm *.pgm "
                                       "*.mp4 *.avi *.mov *.mkv *.webm *.m4v *.gif);;All files (*)");
}

}  // namespace vl
