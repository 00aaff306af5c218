// SPDX-License-Identifier: GPL-3.0-or-later
#include <gtest/gtest.h>

#include <QApplication>

#include "widgets/theme.h"

// Widgets need an application object, and that needs a platform: offscreen, unless the caller chose one.
int main(int argc, char** argv) {
    if (!qEnvironmentVariableIsSet("QT_QPA_PLATFORM")) qputenv("QT_QPA_PLATFORM", "offscreen");
    ::testing::InitGoogleTest(&argc, argv);
    QApplication application(argc, argv);
    vl::Theme::instance().install(application);
    return RUN_ALL_TESTS();
}
