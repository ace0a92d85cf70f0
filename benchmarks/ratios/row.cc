#include "benchmarks/ratios/row.h"

#include <algorithm>

namespace weft::benchmarks {

std::string_view to_string(Verdict verdict) {
  switch (verdict) {
    case Verdict::kAim:
      return "aim";
    case Verdict::kFloor:
      return "floor";
    case Verdict::kBelow:
      return "BELOW THE FLOOR";
    case Verdict::kNotMeasured:
      break;
  }
  return "not measured";
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

Judgement judge(const Row& row, const Measured& ours, const std::vector<Measured>& peers) {
  const bool more = row.sense == Sense::kMore;
  Judgement judgement;
  double best = 1;
  for (const Measured& peer : peers) {
    if (peer.values.empty()) {
      judgement.absent.push_back(peer.of);
      continue;
    }
    const double value = median(peer.values);
    if (!judgement.best || (more ? value > best : value < best)) {
      judgement.best = peer.of;
      best = value;
    }
  }
  if (ours.values.empty() || (!peers.empty() && !judgement.best)) return judgement;
  judgement.ratio = median(ours.values) / best;
  const auto reaches = [&](double wanted) {
    return more ? judgement.ratio >= wanted : judgement.ratio <= wanted;
  };
  judgement.verdict = reaches(row.aim)     ? Verdict::kAim
                      : reaches(row.floor) ? Verdict::kFloor
                                           : Verdict::kBelow;
  return judgement;
}

}  // namespace weft::benchmarks
