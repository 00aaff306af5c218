// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <memory>
#include <utility>
#include <vector>

#include "app/studio/detect/detect_view.h"
#include "tests/studio/support/made_up_objects.h"
#include "tests/studio/support/studio_fixture.h"

namespace vl {

/// The Detect view of a window over a fake engine, and answers for it.
class DetectViewTest : public StudioFixture {
protected:
    DetectViewTest() {
        window_->showView(QStringLiteral("detect"));
        look_.version = 100;  // beyond what the fake counts itself
    }
    DetectView& view() { return *static_cast<DetectView*>(window_->view(QStringLiteral("detect"))); }
    DetectPanel& panel() { return view().panel(); }
    ObjectTable& table() { return panel().table(); }

    void answer(std::vector<std::shared_ptr<const DensePicture>> pictures, std::int64_t all = 0, bool busy = false) {
        look_.request = engine_.denseRequests.back().id;
        look_.busy = busy;
        look_.modelName = "mask_rcnn_pllama_micro";
        look_.classes = garments();
        look_.layers = 8;
        look_.heads = 4;
        look_.done = std::int64_t(pictures.size());
        look_.all = all ? all : look_.done;
        look_.pictures = std::move(pictures);
        answerAgain();
    }
    /// Shows look_ as a test changed it.
    void answerAgain() {
        ++look_.version;
        engine_.show(ModelTask::Detect, look_);
        view().feed().poll();
        view().waitForPictures();
    }
    void open(bool truth = true) {
        view().open(picture("scene-04.png"));
        answer({madeUpScene(truth)});
    }
    QStringList names() {
        QStringList all;
        for (int row = 0; row < table().objects().rowCount(); ++row)
            all << table().objects().index(row, ObjectModel::Name).data(Qt::DisplayRole).toString();
        return all;
    }
    DenseLook look_;
};

}  // namespace vl
