package io.holdfast.gateway.routing;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The gateway's own resources are reached over the route table only, so one that the table does not know is served to nobody. */
class ResourcesTest {

    private static final String PREFIX = "/internal/gateway/";

    /** Asked by other services, signed; never from outside. */
    private static final List<String> INTERNAL_ONLY = List.of();

    @Test
    void everyResourceOfTheGatewayHasARouteWithAPermission() {
        List<String> found = new ArrayList<>();
        for (JavaClass resource : new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                .importPackages("io.holdfast.gateway")) {
            if (!resource.isAnnotatedWith(Path.class)) {
                continue;
            }
            for (JavaMethod method : resource.getMethods()) {
                method.getAnnotations().stream()
                        .filter(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class))
                        .forEach(annotation -> {
                            String verb = annotation.getRawType().getSimpleName();
                            String path =
                                    resource.getAnnotationOfType(Path.class).value()
                                            + (method.isAnnotatedWith(Path.class)
                                                    ? method.getAnnotationOfType(Path.class)
                                                            .value()
                                                    : "");
                            found.add(verb + " " + path);
                        });
            }
        }
        assertThat(found).hasSizeGreaterThan(50);
        assertThat(found.stream().filter(resource -> !INTERNAL_ONLY.contains(resource)))
                .allSatisfy(ResourcesTest::isRouted);
    }

    private static void isRouted(String resource) {
        String verb = resource.substring(0, resource.indexOf(' '));
        String path = resource.substring(resource.indexOf(' ') + 1);
        assertThat(path).startsWith(PREFIX);
        String rest = path.substring(PREFIX.length()).replaceAll("\\{[^}]*}", "x");
        String outside = rest.startsWith("v1/") ? "/api/holdfast/" + rest : "/api/v3.1/" + rest;
        ApiPath.Parsed parsed = ApiPath.parse(outside);
        assertThat(parsed).as(resource).isInstanceOf(ApiPath.Found.class);
        RouteMatch match = RouteTable.shipped().match(verb, ((ApiPath.Found) parsed).path());
        assertThat(match).as(resource).isInstanceOf(RouteMatch.Matched.class);
        assertThat(((RouteMatch.Matched) match).route().isOwn()).as(resource).isTrue();
    }
}
