# SPDX-License-Identifier: Apache-2.0
# What pycocotools makes of a folder's files: masks.json (polygons and runs) and coco.json with results.json.
# Writes masks_out.json and scores_out.json.
import contextlib
import copy
import io
import json
import sys

import numpy
from pycocotools import mask as masks
from pycocotools.coco import COCO
from pycocotools.cocoeval import COCOeval

folder = sys.argv[1]


def text(run_mask):
    return run_mask["counts"].decode()


def described(run_mask):
    return {"text": text(run_mask), "area": int(masks.area(run_mask)), "box": masks.toBbox(run_mask).tolist()}


def masks_of(case):
    height, width = case["size"]
    polygons = masks.frPyObjects(case["polygons"], height, width)
    runs = [masks.frPyObjects({"size": case["size"], "counts": counts}, height, width) for counts in case["runs"]]
    boxes = masks.frPyObjects(numpy.array(case["boxes"], dtype=numpy.double), height, width)
    every = polygons + runs + boxes
    return {
        "all": [described(one) for one in every],
        "pixels": [text(masks.encode(numpy.asfortranarray(masks.decode(one)))) for one in every],
        "united": text(masks.merge(every)),
        "overlaps": masks.iou(every, every, [0] * len(every)).tolist(),
        "crowded": masks.iou(every, every, [1] * len(every)).tolist(),
    }


def scores_of(kind, truth, results):
    results = copy.deepcopy(results)
    if kind == "segm":
        for result in results:  # with a box, its area would stand for the mask's
            del result["bbox"]
    judge = COCOeval(truth, truth.loadRes(results), kind)
    judge.evaluate()
    judge.accumulate()
    judge.summarize()
    precision = judge.eval["precision"][:, :, :, 0, 2]  # [overlap, recall, category]
    mean = lambda values: float(values[values > -1].mean()) if (values > -1).any() else -1.0
    return {
        "stats": judge.stats.tolist(),
        "categories": [mean(precision[:, :, k]) for k in range(precision.shape[2])],
        "overlaps": [mean(precision[t]) for t in range(precision.shape[0])],
        "curves": precision[0].T.tolist(),
    }


with open(folder + "/masks.json") as file:
    cases = json.load(file)
with open(folder + "/masks_out.json", "w") as file:
    json.dump([masks_of(case) for case in cases], file)
with contextlib.redirect_stdout(io.StringIO()):
    scores = []
    for index in range(int(sys.argv[2])):
        truth = COCO(f"{folder}/coco_{index}.json")
        with open(f"{folder}/results_{index}.json") as file:
            results = json.load(file)
        scores.append({kind: scores_of(kind, truth, results) for kind in ("bbox", "segm")})
with open(folder + "/scores_out.json", "w") as file:
    json.dump(scores, file)
