package io.holdfast.testsupport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;

/** The walls of the architecture as rules, by name. Every rule has a planted violation in this module's own tests. */
public final class HoldfastArchitecture {

    private static final String SERVICES = "gateway|inventory|snapshot|restore|scheduler|cluster|workflow";

    /** The cluster's own agent decides on roles, it does not follow one. */
    private static final Pattern FEATURE_OR_COMMON = Pattern.compile(
            "io\\.holdfast\\.((gateway|inventory|snapshot|restore|scheduler|workflow|messaging|http|role|cluster\\.(maintenance|node))(\\..*)?)");

    private static final Pattern FEATURE = Pattern.compile("io\\.holdfast\\.(" + SERVICES + ")\\.[a-z]+");

    private static final String SCHEDULED = "io.quarkus.scheduler.Scheduled";
    private static final String INCOMING = "org.eclipse.microprofile.reactive.messaging.Incoming";
    private static final String NODE_ROLE = "io.holdfast.role.NodeRole";
    private static final String ONLY_ACTIVE = "io.holdfast.role.OnlyActive";

    /** Both hold a message until the node is active. */
    private static final Set<String> HOLDS =
            Set.of("io.holdfast.messaging.MessageHandler", "io.holdfast.messaging.StandbyHold");

    /** Threads that only help a request or a job which was let through, or that write nothing. */
    private static final Set<String> WITHOUT_ROLE = Set.of(
            "io.holdfast.snapshot.building.storage.PgStateExport",
            "io.holdfast.inventory.blueprints.app.UploadBlueprint",
            "io.holdfast.restore.loading.storage.InParallel",
            "io.holdfast.http.InternalHttp",
            // Only wakes others.
            "io.holdfast.messaging.Wakeups",
            // Is given the question, not the role.
            "io.holdfast.messaging.Relay",
            // Gives to handlers, which ask.
            "io.holdfast.messaging.QueueReception",
            // Learns the role, or is it.
            "io.holdfast.role.AgentLink",
            "io.holdfast.role.DatabaseLease");

    private static final List<String> ADAPTERS = List.of("rest", "events", "storage");

    private HoldfastArchitecture() {}

    /** Rules over packages that a service lacks hold of nothing; that is no failure. */
    public static Map<String, ArchRule> rules() {
        Map<String, ArchRule> rules = new LinkedHashMap<>();
        rules.put(
                "the domain is pure",
                classes().that(liveDirectlyInAFeature()).should().onlyDependOnClassesThat(arePlain()));
        rules.put(
                "use cases know no adapter",
                noClasses()
                        .that()
                        .resideInAPackage("io.holdfast.*.*.app..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(
                                "io.holdfast.*.*.rest..",
                                "io.holdfast.*.*.events..",
                                "io.holdfast.*.*.storage..",
                                "jakarta.ws.rs..",
                                "jakarta.persistence..",
                                "org.eclipse.microprofile.reactive.."));
        for (String one : ADAPTERS) {
            for (String other : ADAPTERS) {
                if (!one.equals(other)) {
                    rules.put(
                            "the " + one + " adapter does not know the " + other + " adapter",
                            noClasses()
                                    .that()
                                    .resideInAPackage("io.holdfast.*.*." + one + "..")
                                    .should()
                                    .dependOnClassesThat()
                                    .resideInAPackage("io.holdfast.*.*." + other + ".."));
                }
            }
        }
        rules.put(
                "services do not know each other",
                slices().matching("io.holdfast.(" + SERVICES + ")..").should().notDependOnEachOther());
        rules.put(
                "features have no cycles",
                slices().matching("io.holdfast.(*).(*)..").should().beFreeOfCycles());
        rules.put(
                "contracts depend on nothing",
                classes()
                        .that()
                        .resideInAPackage("io.holdfast.contracts..")
                        .should()
                        .onlyDependOnClassesThat()
                        .resideInAnyPackage(
                                "java..",
                                "javax.crypto..",
                                "org.jspecify.annotations..",
                                "io.holdfast.contracts..",
                                "com.fasterxml.jackson.annotation.."));
        rules.put(
                "what is common knows no service",
                noClasses()
                        .that()
                        .resideInAnyPackage(
                                "io.holdfast.contracts..",
                                "io.holdfast.archive..",
                                "io.holdfast.state..",
                                "io.holdfast.messaging..",
                                "io.holdfast.http..",
                                "io.holdfast.role..",
                                "io.holdfast.listing..",
                                "io.holdfast.diagnostics..",
                                "io.holdfast.testsupport..")
                        .should()
                        .dependOnClassesThat()
                        .resideInAnyPackage(servicePackages()));
        rules.put(
                "one clock",
                noClasses()
                        .should()
                        .callMethod(Instant.class, "now")
                        .orShould()
                        .callMethod(System.class, "currentTimeMillis"));
        rules.put(
                "entities stay in storage",
                noClasses()
                        .that()
                        .resideOutsideOfPackage("..storage..")
                        .should()
                        .beAnnotatedWith("jakarta.persistence.Entity"));
        rules.put(
                "transactions belong to use cases",
                noMethods()
                        .that()
                        .areDeclaredInClassesThat()
                        .resideInAnyPackage(
                                "io.holdfast.*.*.rest..", "io.holdfast.*.*.events..", "io.holdfast.*.*.storage..")
                        .should()
                        .beAnnotatedWith("jakarta.transaction.Transactional"));
        rules.put(
                "channels end in events adapters",
                noMethods()
                        .that()
                        .areDeclaredInClassesThat()
                        .resideOutsideOfPackages("io.holdfast.*.*.events..", "io.holdfast.messaging..")
                        .should()
                        .beAnnotatedWith(INCOMING));
        rules.put(
                "resources live in rest adapters",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.holdfast.*.*.rest..", "io.holdfast.http..", "io.holdfast.standalone..")
                        .should()
                        .beAnnotatedWith("jakarta.ws.rs.Path"));
        rules.put(
                "jobs run on the active node alone",
                methods().that().areAnnotatedWith(SCHEDULED).should(beSkippedOnStandbys()));
        rules.put(
                "threads stand still on a node that is not active",
                classes().that(startThreadsOfTheirOwn()).should(askForTheRole()));
        rules.put(
                "messages are held on a node that is not active",
                methods().that().areAnnotatedWith(INCOMING).should(goThroughTheHold()));
        rules.put("no standard streams", NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS);
        rules.put("no generic exceptions", NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS);
        rules.put("no field injection", NO_CLASSES_SHOULD_USE_FIELD_INJECTION);
        rules.replaceAll((name, rule) -> rule.allowEmptyShould(true));
        return rules;
    }

    /** All violations, each beginning with its rule's name; empty if the walls stand. */
    public static List<String> violations(JavaClasses classes) {
        List<String> violations = new ArrayList<>();
        rules().forEach((name, rule) -> rule.evaluate(classes)
                .getFailureReport()
                .getDetails()
                .forEach(detail -> violations.add(name + ": " + detail)));
        return violations;
    }

    private static ArchCondition<JavaMethod> beSkippedOnStandbys() {
        return new ArchCondition<>("have skipExecutionIf = OnlyActive.class") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean skipped = method.getAnnotationOfType(SCHEDULED)
                        .get("skipExecutionIf")
                        .filter(JavaClass.class::isInstance)
                        .map(predicate -> ((JavaClass) predicate).getName().equals(ONLY_ACTIVE))
                        .orElse(false);
                if (!skipped) {
                    events.add(SimpleConditionEvent.violated(
                            method, method.getFullName() + " has no skipExecutionIf = OnlyActive.class"));
                }
            }
        };
    }

    private static ArchCondition<JavaClass> askForTheRole() {
        return new ArchCondition<>("ask for the node's role") {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                boolean asks = type.getDirectDependenciesFromSelf().stream()
                        .anyMatch(dependency ->
                                dependency.getTargetClass().getName().equals(NODE_ROLE));
                if (!asks) {
                    events.add(SimpleConditionEvent.violated(
                            type,
                            type.getName() + " starts threads and never asks " + NODE_ROLE
                                    + "; let it work while that is active, or name it in WITHOUT_ROLE"));
                }
            }
        };
    }

    private static ArchCondition<JavaMethod> goThroughTheHold() {
        return new ArchCondition<>("go through a MessageHandler or a StandbyHold") {
            @Override
            public void check(JavaMethod method, ConditionEvents events) {
                boolean held = method.getMethodCallsFromSelf().stream()
                        .anyMatch(call -> HOLDS.contains(call.getTargetOwner().getName()));
                if (!held) {
                    events.add(SimpleConditionEvent.violated(
                            method, method.getFullName() + " takes messages on a node that is not active, too"));
                }
            }
        };
    }

    private static DescribedPredicate<JavaClass> startThreadsOfTheirOwn() {
        return DescribedPredicate.describe("start threads of their own", type -> {
            // The agent decides on roles and standalone, tools and tests have none.
            String name = type.getPackageName();
            boolean concerned = FEATURE_OR_COMMON.matcher(name).matches() && !WITHOUT_ROLE.contains(type.getName());
            return concerned
                    && (type.getConstructorCallsFromSelf().stream()
                                    .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Thread.class))
                            || type.getMethodCallsFromSelf().stream()
                                    .anyMatch(call -> call.getTargetOwner().isEquivalentTo(Executors.class)));
        });
    }

    private static DescribedPredicate<JavaClass> liveDirectlyInAFeature() {
        return DescribedPredicate.describe(
                "live directly in a feature package",
                type -> FEATURE.matcher(type.getPackageName()).matches() && !startsAProcess(type));
    }

    /** A process's entry point puts adapters together, wherever its documented name is. */
    private static boolean startsAProcess(JavaClass type) {
        return type.getSimpleName().endsWith("Main")
                && type.tryGetMethod("main", String[].class).isPresent();
    }

    private static DescribedPredicate<JavaClass> arePlain() {
        return DescribedPredicate.describe("be of the JDK, JSpecify, contracts, archive or a domain", type -> {
            String name = type.getPackageName();
            return type.isPrimitive()
                    || type.isArray()
                    || name.startsWith("java.")
                    || name.startsWith("javax.crypto")
                    || name.startsWith("org.jspecify.annotations")
                    || name.startsWith("io.holdfast.contracts")
                    || name.startsWith("io.holdfast.archive")
                    || FEATURE.matcher(name).matches();
        });
    }

    private static String[] servicePackages() {
        return Pattern.compile("\\|")
                .splitAsStream(SERVICES)
                .map(service -> "io.holdfast." + service + "..")
                .toArray(String[]::new);
    }
}
