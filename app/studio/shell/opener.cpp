// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/shell/opener.h"

#include <exception>
#include <memory>
#include <utility>

#include <QImage>
#include <QMimeData>
#include <QUrl>

#include "app/studio/shell/image_conversion.h"
#include "app/studio/shell/run_store.h"
#include "app/studio/shell/selection.h"
#include "app/studio/shell/studio_settings.h"
#include "engine/api/data_source.h"
#include "engine/core/error.h"
#include "engine/io/checkpoint_metadata.h"
#include "engine/io/safetensors.h"

namespace vl {
namespace {

using Kind = DroppedItem::Kind;

/// "/a/b.png", "~/b.png", "file:///a/b.png": one line that could be a path.
QString pathInText(const QString& text) {
    QString line = text.trimmed();
    if (line.contains(QLatin1Char('\n')) || line.isEmpty()) return {};
    if (line.startsWith(QLatin1String("file:"))) return QUrl(line).toLocalFile();
    if (line.size() > 1 && line.front() == line.back() && (line.front() == QLatin1Char('"') || line.front() == QLatin1Char('\'')))
        line = line.mid(1, line.size() - 2);
    if (line.startsWith(QLatin1String("~/"))) line = qEnvironmentVariable("HOME") + line.mid(1);
    return line.startsWith(QLatin1Char('/')) ? line : QString();
}

}  // namespace

Opener::Opener(StudioContext& context, QObject* parent) : QObject(parent), context_(context) {
    pool_.setMaxThreadCount(1);
}

Opener::~Opener() {
    pool_.clear();
    pool_.waitForDone();
}

void Opener::background(std::function<std::function<void()>()> work) {
    ++pending_;
    Q_EMIT pendingChanged();
    pool_.start([this, work = std::move(work)] {
        std::function<void()> finish;
        try {
            finish = work();
        } catch (const Error& error) {
            finish = [this, error] {
                context_.report(QStringLiteral("error"), QString::fromStdString(error.message()),
                                QString::fromStdString(error.hint()));
            };
        } catch (const std::exception&) {
            finish = [this] {
                context_.report(QStringLiteral("error"), tr("The file could not be read"),
                                tr("It may be too large for the memory, or the disk went away."));
            };
        }
        QMetaObject::invokeMethod(this, [this, finish] {
            --pending_;
            Q_EMIT pendingChanged();
            if (finish) finish();
        });
    });
}

void Opener::open(const std::filesystem::path& path) {
    background([this, path]() -> std::function<void()> {
        return [this, item = recognise(path)] { act(item); };
    });
}

void Opener::act(const DroppedItem& item) {
    const QString path = fromPath(item.path);
    switch (item.kind) {
        case Kind::Image: decode(item.path); break;
        case Kind::RunFolder:
            context_.runs.open(item.path);
            context_.selection.setRun(item.path);
            context_.showView(QStringLiteral("train"));
            Q_EMIT runOpened(path);
            break;
        case Kind::Checkpoint: openCheckpoint(item.path); break;
        case Kind::ImageFolder:
            background([this, folder = item.path, path]() -> std::function<void()> {
                QStringList names;
                for (const auto& file : picturesIn(folder)) names << fromPath(file);
                return [this, path, names] { Q_EMIT folderListed(path, names); };
            });
            break;
        case Kind::Settings: Q_EMIT settingsOpened(path); break;
        case Kind::Unknown: context_.report(QStringLiteral("warning"), item.message, item.hint); break;
    }
}

void Opener::openCheckpoint(const std::filesystem::path& file) {
    background([this, file]() -> std::function<void()> {
        bool ours = false, denoiser = false;
        if (file.extension() == ".safetensors") {
            const auto metadata = SafetensorsFile::open(file).metadata();  // a broken one is refused here
            ours = metadata.contains("visionllama.spec");
            if (ours) denoiser = fromMetadata(metadata, file).spec.task() == ModelTask::Generate;
        }
        return [this, file, ours, denoiser] {
            context_.selection.setCheckpoint(file);
            if (ours && !denoiser) context_.selection.setModel({false, file});
            context_.showView(denoiser ? QStringLiteral("generate") : ours ? QStringLiteral("inspect") : QStringLiteral("model"));
            Q_EMIT checkpointOpened(fromPath(file));
        };
    });
}

void Opener::decode(const std::filesystem::path& file) {
    const int ticket = ++newest_;
    background([this, file, ticket]() -> std::function<void()> {
        auto image = std::make_shared<Image>(readImage(file));
        return [this, file, ticket, image] {
            if (ticket == newest_) showImage(fromPath(file.filename()), fromPath(file), std::move(*image));
        };
    });
}

void Opener::showImage(const QString& name, const QString& path, Image image) {
    const int width = image.width, height = image.height;
    context_.selection.setImage({name, std::move(image), -1, {}});
    context_.showView(QStringLiteral("inspect"));
    if (!path.isEmpty()) Q_EMIT imageOpened(path, width, height);
}

bool Opener::accepts(const QMimeData& data) { return data.hasUrls() || data.hasImage() || data.hasText(); }

bool Opener::open(const QMimeData& data) {
    bool any = false;
    for (const QUrl& url : data.urls()) {
        if (!url.isLocalFile()) continue;
        open(toPath(url.toLocalFile()));
        any = true;
    }
    if (any) return true;
    if (data.hasImage()) {
        const Image image = fromQImage(qvariant_cast<QImage>(data.imageData()));
        if (!image.empty()) {
            ++newest_;
            showImage(tr("pasted picture"), {}, image);
            return true;
        }
    }
    const QString path = pathInText(data.text());
    if (!path.isEmpty()) {
        open(toPath(path));
        return true;
    }
    return false;
}

}  // namespace vl
