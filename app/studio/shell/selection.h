// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>

#include <QObject>
#include <QString>

#include "engine/api/types.h"

namespace vl {

/// The picture in hand: dropped, pasted, opened or a validation sample.
struct SelectedImage {
    QString name;
    Image image;
    int label = -1;               ///< -1: truth unknown
    QString labelName;
};

/// Which weights the views look at: the running training (live) or a checkpoint file; empty path: the demo model.
struct SelectedModel {
    bool live = false;
    std::filesystem::path checkpoint;
    bool operator==(const SelectedModel&) const = default;
};

/// What is selected, shared by all views; a view changes it here and every view follows.
class Selection : public QObject {
    Q_OBJECT
public:
    explicit Selection(QObject* parent = nullptr) : QObject(parent) {}

    const SelectedImage& image() const { return image_; }
    const SelectedModel& model() const { return model_; }
    int layer() const { return layer_; }
    int head() const { return head_; }
    std::filesystem::path run() const { return run_; }
    /// The checkpoint file the Model view shows; empty: none.
    const std::filesystem::path& checkpoint() const { return checkpoint_; }

    void setImage(SelectedImage image);
    void setModel(SelectedModel model);
    void setLayerHead(int layer, int head);
    void setRun(std::filesystem::path folder);
    void setCheckpoint(std::filesystem::path file);  ///< the same file again: it is to be read anew

Q_SIGNALS:
    void imageChanged();
    void modelChanged();
    void layerHeadChanged();
    void runChanged();
    void checkpointChanged();

private:
    SelectedImage image_;
    SelectedModel model_;
    int layer_ = 0, head_ = 0;
    std::filesystem::path run_, checkpoint_;
};

}  // namespace vl
