package io.holdfast.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import io.holdfast.contracts.events.Event;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** A typo in a package pattern would let a rule pass for ever: each one must catch what is planted for it beside this test. */
class HoldfastArchitectureTest {

    private static final JavaClasses PLANTED = new ClassFileImporter().importPath(Path.of("target", "test-classes"));

    @TestFactory
    Stream<DynamicTest> everyRuleCatchesItsPlantedViolation() {
        return HoldfastArchitecture.rules().entrySet().stream()
                .map(rule -> DynamicTest.dynamicTest(
                        rule.getKey(),
                        () -> assertThat(rule.getValue().evaluate(PLANTED).hasViolation())
                                .isTrue()));
    }

    @Test
    void ourOwnClassesAreClean() {
        JavaClasses own = new ClassFileImporter().importPath(Path.of("target", "classes"));
        assertThat(own).isNotEmpty();
        assertThat(HoldfastArchitecture.violations(own)).isEmpty();
    }

    /** They cannot test themselves: this module depends on them. */
    @Test
    void contractsAreClean() {
        JavaClasses contracts = new ClassFileImporter()
                .importUrl(Event.class.getProtectionDomain().getCodeSource().getLocation());
        assertThat(contracts).isNotEmpty();
        assertThat(HoldfastArchitecture.violations(contracts)).isEmpty();
    }

    @Test
    void violationsNameTheirRule() {
        assertThat(HoldfastArchitecture.violations(PLANTED))
                .anySatisfy(violation ->
                        assertThat(violation).startsWith("one clock: ").contains("Sloppy"));
    }
}
