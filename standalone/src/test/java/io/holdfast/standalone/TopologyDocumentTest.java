package io.holdfast.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.holdfast.messaging.ServiceSchema;
import io.holdfast.testsupport.MessageDocument;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The queues and bindings that services declare against {@code docs/asyncapi.yaml}. All services are on this module's class path. */
class TopologyDocumentTest {

    @Test
    void queuesAndBindingsOfAllServicesAreThoseOfTheDocument() throws ReflectiveOperationException {
        // given
        Set<String> declared = new TreeSet<>();
        Set<String> services = new TreeSet<>();
        for (ServiceSchema schema : schemas()) {
            services.add(schema.name());
            schema.queues()
                    .forEach(queue -> queue.routingKeys()
                            .forEach(key -> declared.add(queue.queue() + " <- " + queue.exchange() + "/" + key)));
        }
        // then
        assertThat(services).contains("scheduler", "snapshot", "restore", "cluster", "workflow");
        assertThat(MessageDocument.load().bindings()).isEqualTo(declared);
    }

    /** What the services' producer methods make; without a database, which they only pass on. */
    private static List<ServiceSchema> schemas() throws ReflectiveOperationException {
        List<ServiceSchema> schemas = new ArrayList<>();
        var classes = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages(
                        "io.holdfast.gateway",
                        "io.holdfast.inventory",
                        "io.holdfast.scheduler",
                        "io.holdfast.snapshot",
                        "io.holdfast.restore",
                        "io.holdfast.cluster",
                        "io.holdfast.workflow");
        for (var type : classes) {
            for (JavaMethod method : type.getMethods()) {
                if (method.getRawReturnType().isEquivalentTo(ServiceSchema.class)
                        && method.isAnnotatedWith("jakarta.enterprise.inject.Produces")) {
                    schemas.add(produce(method.reflect()));
                }
            }
        }
        return schemas;
    }

    private static ServiceSchema produce(Method producer) throws ReflectiveOperationException {
        Constructor<?> constructor = producer.getDeclaringClass().getDeclaredConstructor();
        constructor.setAccessible(true);
        producer.setAccessible(true);
        Object[] arguments = Arrays.stream(producer.getParameterTypes())
                .map(TopologyDocumentTest::switchedOff)
                .toArray();
        return (ServiceSchema) producer.invoke(constructor.newInstance(), arguments);
    }

    /** A configuration in which nothing is on, or a database that is only passed on. */
    private static Object switchedOff(Class<?> type) {
        return Proxy.newProxyInstance(
                type.getClassLoader(),
                new Class<?>[] {type},
                (proxy, method, given) -> method.getReturnType() == boolean.class ? Boolean.FALSE : null);
    }
}
