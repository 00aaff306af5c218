// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include <QApplication>
#include <QCursor>
#include <QMouseEvent>
#include <QTest>

#include "app/studio/segment/segment_view.h"
#include "tests/studio/support/made_up_segmentation.h"
#include "tests/studio/support/studio_fixture.h"

namespace vl {

/// The Segment view of a window over a fake engine, and answers for it.
class SegmentViewTest : public StudioFixture {
protected:
    SegmentViewTest() {
        window_->showView(QStringLiteral("segment"));
        look_.modelName = "upernet_pllama_micro";
        look_.modelSource = "demo checkpoint";
        look_.classes = {{"background", "Shirt", "Bag"}, {{10, 10, 10}, {200, 40, 40}, {40, 40, 200}}};
        look_.layers = 8;
        look_.heads = 4;
        look_.version = 100;  // beyond what the fake counts itself
    }
    SegmentView& view() { return *static_cast<SegmentView*>(window_->view(QStringLiteral("segment"))); }

    /// Answers the newest request with these pictures.
    void answer(std::vector<std::shared_ptr<const DensePicture>> pictures, bool busy = false) {
        look_.request = engine_.denseRequests.back().id;
        look_.busy = busy;
        look_.done = static_cast<std::int64_t>(pictures.size());
        look_.all = std::max<std::int64_t>(look_.all, look_.done);
        look_.pictures = std::move(pictures);
        ++look_.version;
        engine_.show(ModelTask::Segment, look_);
        view().feed().poll();
        view().waitForPictures();
    }
    void folderOfThree() {
        view().open(folderOf());
        look_.all = 3;
        answer({madeUpHalves("a.png", 32, 0), madeUpHalves("b.png", 32, 8), madeUpHalves("c.png", 32, 4)});
    }
    std::filesystem::path folderOf() { return picture("shelf/a.png").parent_path(); }
    void hover(const QPoint& pixel) {
        const QRectF box = view().canvas().pictureRect();
        const double z = view().canvas().zoom();
        QTest::mouseMove(&view().canvas(), (box.topLeft() + (QPointF(pixel) + QPointF(0.5, 0.5)) * z).toPoint());
        QMouseEvent move(QEvent::MouseMove, box.topLeft() + (QPointF(pixel) + QPointF(0.5, 0.5)) * z, QCursor::pos(),
                         Qt::NoButton, Qt::NoButton, Qt::NoModifier);
        QApplication::sendEvent(&view().canvas(), &move);
    }
    DenseLook look_;
};

}  // namespace vl
