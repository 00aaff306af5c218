// SPDX-License-Identifier: GPL-3.0-or-later
#include <QApplication>
#include <QTemporaryDir>
#include <QTimer>

#include <gtest/gtest.h>

#include "widgets/theme.h"

// Widgets need an application and a platform before the first test. Offscreen unless the caller chose another one;
// settings go to a folder that dies with the program, so that a test never sees the user's.
int main(int argc, char** argv) {
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    const QTemporaryDir config;
    qputenv("VISIONLLAMA_CONFIG", config.path().toUtf8());
    qputenv("VISIONLLAMA_RUNS", (config.path() + "/runs").toUtf8());
    QApplication::setAttribute(Qt::AA_ShareOpenGLContexts);
    QApplication application(argc, argv);
    vl::Theme::instance().install(application);
    vl::Theme::instance().setChoice(vl::Theme::Choice::Dark);
    ::testing::InitGoogleTest(&argc, argv);
    return RUN_ALL_TESTS();
}
