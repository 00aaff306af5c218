// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <memory>

#include <QImage>
#include <QTimer>
#include <QWidget>

#include "app/studio/generate/shown_grid.h"
#include "engine/api/generate.h"

class QComboBox;
class QLabel;
class QPushButton;

namespace vl {

class AttentionCanvas;
class FrameStrip;
class ReadoutRows;

/// One cell at one frame, large: what the chain has beside what the model predicts, with and without the class, and the
/// attention of a block and head there.
class SamplePage : public QWidget {
    Q_OBJECT
public:
    explicit SamplePage(QWidget* parent = nullptr);

    /// `cell` -1: none is selected.
    void show(const ShownGrid& grid, int cell, std::size_t frame);
    void setAnswer(std::shared_ptr<const CellAnswer> answer);
    /// Why the model cannot be asked (a stored result without its model); empty: it can.
    void setUnavailable(const QString& why);
    QComboBox& layerChooser() { return *layer_; }
    QComboBox& headChooser() { return *head_; }
    AttentionCanvas& canvas() { return *canvas_; }

Q_SIGNALS:
    /// The engine is to be asked; cell and frame are filled in.
    void asked(const vl::CellQuestion& question);
    void keepSeed();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void refreshPictures();
    void refreshAttention();
    void ask();
    std::vector<float> valuesAt(int query) const;

    std::shared_ptr<const SampleFrame> frame_;
    std::shared_ptr<const CellAnswer> answer_;
    int cell_ = -1, query_ = -1;
    std::size_t index_ = 0;
    bool setting_ = false, available_ = true;
    std::array<QLabel*, 4> pictures_{};
    std::array<QWidget*, 2> halves_{};
    ReadoutRows* facts_;
    QPushButton* keep_;
    QComboBox *layer_, *head_;
    AttentionCanvas* canvas_;
    FrameStrip* along_;
    QLabel *note_, *alongNote_;
    QWidget* attention_;
    QTimer later_;
};

}  // namespace vl
