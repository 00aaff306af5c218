// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/studio/model/tensor_pane.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLocale>
#include <QVBoxLayout>

namespace vl {

TensorPane::TensorPane(QWidget* parent) : QWidget(parent), table_(new TensorTable) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(makeFilterRow());
    column->addWidget(table_, 1);
    column->addWidget(makeSeparator(Qt::Horizontal));
    column->addWidget(makeFooter());
    connect(&table_->lines(), &TensorModel::arrangementWanted, this, [this](int column_, bool descending) {
        query_.column = column_;
        query_.descending = descending;
        Q_EMIT queryChanged();
    });
}

QWidget* TensorPane::makeFilterRow() {
    auto* row = new QWidget;
    row->setFixedHeight(44);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 8);
    layout->setSpacing(8);
    filter_ = new QLineEdit;
    filter_->setPlaceholderText(tr("Filter by name, shape or type"));
    filter_->setAccessibleName(tr("Filter tensors"));
    filter_->setToolTip(tr("Words that must all occur (Ctrl+F)"));
    filter_->setClearButtonEnabled(true);
    filter_->setMaximumWidth(420);
    only_ = new SegmentedControl({tr("All"), tr("Not finite"), tr("Missing"), tr("Different")});
    only_->setAccessibleName(tr("Which tensors"));
    layout->addWidget(filter_, 1);
    layout->addStretch();
    layout->addWidget(makeLabel(tr("Show"), Type::Secondary, Tone::Text2));
    layout->addWidget(only_);
    connect(filter_, &QLineEdit::textChanged, this, &TensorPane::changeQuery);
    connect(only_, &SegmentedControl::currentChanged, this, &TensorPane::changeQuery);
    return row;
}

QWidget* TensorPane::makeFooter() {
    auto* row = new QWidget;
    row->setFixedHeight(40);
    auto* layout = new QHBoxLayout(row);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    shown_ = makeLabel({}, Type::Secondary, Tone::Text2);
    progress_ = makeLabel({}, Type::Secondary, Tone::Text2);
    bar_ = new ThinProgress;
    bar_->setFixedWidth(112);
    bar_->setAccessibleName(tr("Values read"));
    read_ = makeButton(tr("Cancel"), {}, ButtonKind::Normal);
    layout->addWidget(shown_);
    layout->addStretch();
    layout->addWidget(progress_);
    layout->addWidget(bar_);
    layout->addWidget(read_);
    connect(read_, &QPushButton::clicked, this, [this] {
        if (busy_)
            Q_EMIT cancelRequested();
        else
            Q_EMIT readRequested();
    });
    return row;
}

void TensorPane::changeQuery() {
    if (setting_) return;
    query_.text = filter_->text();
    query_.only = static_cast<TensorOnly>(only_->current());
    Q_EMIT queryChanged();
}

void TensorPane::setLines(std::shared_ptr<const TensorList> list, const std::vector<int>& order) {
    const QLocale locale;
    const auto all = qlonglong(list->items.size());
    QString text = qlonglong(order.size()) == all ? tr("%1 rows").arg(locale.toString(all))
                                                  : tr("%1 of %2 rows").arg(locale.toString(qlonglong(order.size())), locale.toString(all));
    if (order.empty() && all > 0) text = tr("None of %1 rows is like that").arg(locale.toString(all));
    shown_->setText(text);
    const bool known = list->report->recognition.known;
    const QString reason = tr("Nothing to compare with: the model is not known.");
    only_->setChoiceEnabled(2, known, reason);
    only_->setChoiceEnabled(3, known, reason);
    table_->setLines(std::move(list), order);
}

void TensorPane::setLook(const CheckpointLook& look) {
    busy_ = look.busy;
    const bool done = look.report && look.report->statisticsDone;
    bar_->setVisible(look.busy);
    read_->setVisible(look.busy || !done);
    read_->setText(look.busy ? tr("Cancel") : tr("Read values"));
    if (look.busy) {
        const double total = double(look.progress.totalBytes);
        bar_->setShare(total > 0 ? double(look.progress.doneBytes) / total : 0);
        progress_->setText(total > 0 ? tr("Reading values, %1 of %2").arg(bytesText(look.progress.doneBytes), bytesText(look.progress.totalBytes))
                                     : tr("Reading values"));
        progress_->setToolTip(QString::fromStdString(look.progress.what));
        return;
    }
    progress_->setToolTip({});
    progress_->setText(done             ? tr("All values read")
                       : look.cancelled ? tr("Stopped before all values were read")
                                        : tr("Values were not read"));
}

void TensorPane::focusFilter() {
    filter_->setFocus(Qt::ShortcutFocusReason);
    filter_->selectAll();
}

void TensorPane::resetFilter() {
    setting_ = true;
    filter_->clear();
    only_->setCurrent(0);
    setting_ = false;
    changeQuery();
}

void TensorPane::keyPressEvent(QKeyEvent* event) {
    // From the filter, down enters the table and Esc shows everything again.
    if (event->key() == Qt::Key_Down && filter_->hasFocus()) return table_->setFocus(Qt::TabFocusReason);
    if (event->key() == Qt::Key_Escape && (filter_->hasFocus() || table_->hasFocus())) {
        if (!query_.text.isEmpty() || query_.only != TensorOnly::All) return resetFilter();
        return table_->setFocus(Qt::OtherFocusReason);
    }
    QWidget::keyPressEvent(event);
}

}  // namespace vl
