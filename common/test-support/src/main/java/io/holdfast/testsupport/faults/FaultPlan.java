package io.holdfast.testsupport.faults;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;

/** Which faults in which order: each kind as often as the others, give or take one, in an order that the seed gives. */
public final class FaultPlan {

    private FaultPlan() {}

    /** @param kinds those to choose from; at least one */
    public static List<FaultKind> of(int faults, Set<FaultKind> kinds, Random random) {
        if (kinds.isEmpty()) {
            throw new IllegalArgumentException("a plan needs at least one kind of fault");
        }
        List<FaultKind> plan = new ArrayList<>();
        while (plan.size() < faults) {
            List<FaultKind> round = new ArrayList<>(List.copyOf(kinds));
            Collections.sort(round);
            Collections.shuffle(round, random);
            plan.addAll(round);
        }
        return List.copyOf(plan.subList(0, faults));
    }
}
