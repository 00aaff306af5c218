// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPointer>

#include "app/studio/model/model_header.h"
#include "app/studio/model/model_panel.h"
#include "app/studio/model/tensor_job.h"
#include "app/studio/model/tensor_pane.h"
#include "app/studio/shell/view.h"

class QPushButton;
class QStackedWidget;

namespace vl {

class EmptyView;

/// What a checkpoint file is: the model it was recognised as, every tensor with its values, how it differs.
class ModelView : public View {
    Q_OBJECT
public:
    explicit ModelView(StudioContext& context, QWidget* parent = nullptr);
    ~ModelView() override;

    QString id() const override { return QStringLiteral("model"); }
    QString title() const override { return tr("Model"); }
    QWidget* properties() override { return panel_; }
    void setActive(bool active) override;
    void registerActions() override;
    void prepareForScreenshot() override;

    ModelHeader& header() { return *header_; }
    TensorPane& pane() { return *pane_; }
    ModelPanel& panel() { return *panel_; }
    TensorJob& job() { return job_; }
    std::shared_ptr<const TensorList> shown() const { return shown_; }
    std::uint64_t requested() const { return requested_; }
    bool showsTensors() const;
    QString message() const { return messageText_; }
    void exportTo(const QString& file);

private:
    void connectParts();
    void ask(bool statistics = true);
    void onLook();
    void onLines(const std::shared_ptr<const TensorList>& list, const std::vector<int>& order);
    void onProblem(const CheckpointLook& look);
    void showTensor(int item);
    void goTo(int item);
    void lookAtPictures();
    void openDemo();
    void showMessage(const QString& title, const QString& text, bool failed);
    QString whyNoFile() const { return shown_ ? QString() : tr("Open a checkpoint first."); }

    QStackedWidget* pages_;
    EmptyView *empty_, *message_;
    QPushButton *openAnother_, *giveUp_;
    QWidget* main_;
    ModelHeader* header_;
    TensorPane* pane_;
    QPointer<ModelPanel> panel_;
    TensorJob job_;

    std::filesystem::path file_;                     ///< asked about
    std::shared_ptr<const CheckpointReport> report_; ///< the newest of it
    std::shared_ptr<const TensorList> shown_;
    QString preset_, messageText_;
    std::uint64_t requested_ = 0, serial_ = 0;
    bool averaged_ = false, stale_ = false;
    int pendingItem_ = -1;                           ///< to be selected when all rows are shown again
};

View* makeModelView(StudioContext& context);

}  // namespace vl
