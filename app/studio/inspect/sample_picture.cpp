// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/sample_picture.h"

#include <algorithm>

#include <QCoreApplication>
#include <QDir>
#include <QImage>

#include "app/studio/shell/engine_link.h"
#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/selection.h"
#include "engine/core/resource_paths.h"

namespace vl {
namespace {

QString words(const char* text) { return QCoreApplication::translate("vl::SamplePicture", text); }

}  // namespace

void takeSamplePicture(StudioContext& context, int& next) {
    if (const auto gallery = context.link.gallery(); gallery && !gallery->samples.empty()) {
        const auto& sample = gallery->samples[static_cast<std::size_t>(next++) % gallery->samples.size()];
        const auto label = static_cast<std::size_t>(std::max(sample.label, 0));
        const QString name =
            label < gallery->classNames.size() ? QString::fromStdString(gallery->classNames[label]) : QString();
        return context.selection.setImage(
            {words("test/%1").arg(sample.index, 5, 10, QLatin1Char('0')), sample.image, sample.label, name});
    }
    const QDir folder(QString::fromStdString((resourceFolder() / "samples").string()));
    const auto files = folder.entryList({QStringLiteral("*.png"), QStringLiteral("*.jpg")}, QDir::Files, QDir::Name);
    for (int tries = 0; tries < files.size(); ++tries) {
        const QString file = files[next++ % files.size()];
        const QImage picture(folder.filePath(file));
        if (!picture.isNull()) return context.selection.setImage({file, fromQImage(picture), -1, {}});
    }
    context.report(QStringLiteral("warning"), words("There is no sample picture in %1.").arg(folder.path()),
                   words("Open or drop a picture instead."));
}

}  // namespace vl
