// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/studio/support/studio_fixture.h"

#include <fstream>

#include <QApplication>
#include <QDropEvent>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QImage>
#include <QMimeData>
#include <QTimer>
#include <QUrl>

#include "app/studio/shell/opener.h"
#include "app/studio/shell/studio_settings.h"

namespace vl {

bool waitUntil(const std::function<bool()>& done, int milliseconds) {
    QElapsedTimer clock;
    clock.start();
    while (!done()) {
        if (clock.elapsed() > milliseconds) return false;
        QEventLoop loop;
        QTimer::singleShot(5, &loop, &QEventLoop::quit);
        loop.exec();
    }
    return true;
}

StudioFixture::StudioFixture() {
    qputenv("VISIONLLAMA_CONFIG", folder_.filePath("config").toUtf8());
    engine_.autoConfirm = true;
    window_ = std::make_unique<MainWindow>(engine_, toPath(folder_.filePath("runs")));
    window_->resize(1440, 900);
    window_->show();
}

StudioFixture::~StudioFixture() { window_.reset(); }

void StudioFixture::reopen() {
    window_->saveLayout();
    window_ = std::make_unique<MainWindow>(engine_, toPath(folder_.filePath("runs")));
    window_->show();
}

std::filesystem::path StudioFixture::file(const std::string& name, const std::string& bytes) const {
    const std::filesystem::path path = toPath(folder_.filePath(QString::fromStdString(name)));
    std::filesystem::create_directories(path.parent_path());
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
}

std::filesystem::path StudioFixture::picture(const std::string& name) const {
    const std::filesystem::path path = file(name, "");
    QImage image(28, 28, QImage::Format_Grayscale8);
    image.fill(120);
    image.save(fromPath(path), "PNG");
    return path;
}

void StudioFixture::drop(const std::filesystem::path& path) {
    QMimeData mime;
    mime.setUrls({QUrl::fromLocalFile(fromPath(path))});
    QDragEnterEvent enter(QPoint(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &enter);
    EXPECT_TRUE(enter.isAccepted());
    QDropEvent event(QPointF(300, 300), Qt::CopyAction, &mime, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(window_.get(), &event);
}

bool StudioFixture::openedAll() {
    return waitUntil([this] { return window_->opener().pending() == 0; });
}

void StudioFixture::saveCheckpoint(std::int64_t step) {
    RunStatus run = engine_.status();
    run.savedStep = step;
    engine_.confirm(run);
    link().poll();
}

QString StudioFixture::lastProblem() const {
    const auto& all = window_->problems().all();
    return all.empty() ? QString() : all.back().message;
}

}  // namespace vl
