"""Unit tests of the choice of modes, and of what is refused, in //stress:defs.bzl."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//stress:defs.bzl", "chosen_modes", "refused_linkopts")

_REASON = "its body forks, which this mode cannot follow"

def _modes_are_chosen_test_impl(ctx):
    env = unittest.begin(ctx)
    for modes, omitted, chosen in [
        (None, {}, ["stress", "explore", "tsan", "asan"]),
        (["asan", "stress", "tsan", "explore"], {}, ["stress", "explore", "tsan", "asan"]),
        (None, {"tsan": _REASON}, ["stress", "explore", "asan"]),
        (["stress"], {"asan": _REASON, "explore": _REASON, "tsan": _REASON}, ["stress"]),
    ]:
        asserts.equals(env, (chosen, None), chosen_modes("t", modes, omitted))
    return unittest.end(env)

modes_are_chosen_test = unittest.make(_modes_are_chosen_test_impl)

def _wrong_modes_are_refused_test_impl(ctx):
    env = unittest.begin(ctx)
    for modes, omitted, words in [
        (["stress", "asan", "explore"], {}, "mode \"tsan\" is left out without a reason"),
        (["stress", "asan", "tsan"], {}, "mode \"explore\" is left out without a reason"),
        (["stress", "asan", "tsan", "msan"], {}, "there is no mode \"msan\"; the modes are stress, explore, tsan, asan"),
        (None, {"msan": _REASON}, "there is no mode \"msan\""),
        (None, {"tsan": ""}, "must say in a sentence why mode \"tsan\" is left out"),
        (None, {"tsan": "  x  "}, "must say in a sentence why mode \"tsan\" is left out"),
        (["stress", "explore", "tsan", "asan"], {"tsan": _REASON}, "both in `modes` and in `omitted`"),
        (None, {"asan": _REASON, "explore": _REASON, "stress": _REASON, "tsan": _REASON}, "nothing would be tested"),
    ]:
        chosen, wrong = chosen_modes("t", modes, omitted)
        asserts.equals(env, None, chosen)
        asserts.true(env, wrong != None and wrong.startswith("t: ") and words in wrong, "%s in %s" % (words, wrong))
    return unittest.end(env)

wrong_modes_are_refused_test = unittest.make(_wrong_modes_are_refused_test_impl)

def _static_programs_are_refused_test_impl(ctx):
    env = unittest.begin(ctx)
    for linkopts in [[], ["-lrt"], ["-static-libstdc++", "-static-libgcc"]]:
        asserts.equals(env, None, refused_linkopts("t", linkopts))
    for option in ["-static", "--static", "-static-pie"]:
        wrong = refused_linkopts("t", ["-lrt", option])
        asserts.true(env, wrong != None and wrong.startswith("t: %s leaves " % option) and "remove it" in wrong, str(wrong))
    return unittest.end(env)

static_programs_are_refused_test = unittest.make(_static_programs_are_refused_test_impl)
