// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/inspect/analysis_job.h"

#include <gtest/gtest.h>

#include <QApplication>

#include "tests/studio/inspected_picture.h"

namespace vl {
namespace {

TEST(AnalysisJob, FresherWeightsDoNotStarveTheNumbersAndOtherQuestionsCancel) {
    AnalysisJob job;
    int deliveries = 0;
    QObject::connect(&job, &AnalysisJob::ready, &job, [&] { ++deliveries; });
    std::shared_ptr<Inspection> last;
    for (int i = 0; i < 50; ++i)
        job.start(last = picture(6, 2, 2, true), true, i % 7 == 0);
    job.wait();
    QApplication::processEvents();
    ASSERT_TRUE(job.result());
    EXPECT_EQ(job.result()->inspection, last);
    EXPECT_GE(deliveries, 1);
    EXPECT_FALSE(job.busy());
    job.start(picture(20, 4, 4, true), true, true);  // and goes away while it works
}

}  // namespace
}  // namespace vl
