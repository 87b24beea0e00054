package io.holdfast.testsupport;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noMethods;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_THROW_GENERIC_EXCEPTIONS;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_USE_FIELD_INJECTION;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The walls of the architecture as rules, by name. Every rule has a planted violation in this module's own tests. */
public final class HoldfastArchitecture {

    private static final String SERVICES = "gateway|inventory|snapshot|restore|scheduler|cluster|workflow";

    private static final Pattern FEATURE = Pattern.compile("io\\.holdfast\\.(" + SERVICES + ")\\.[a-z]+");

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
                                "io.holdfast.listing..",
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
                        .beAnnotatedWith("org.eclipse.microprofile.reactive.messaging.Incoming"));
        rules.put(
                "resources live in rest adapters",
                noClasses()
                        .that()
                        .resideOutsideOfPackages(
                                "io.holdfast.*.*.rest..", "io.holdfast.http..", "io.holdfast.standalone..")
                        .should()
                        .beAnnotatedWith("jakarta.ws.rs.Path"));
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
