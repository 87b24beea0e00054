package io.holdfast.gateway.routing;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** All routes. Read once, immutable, shared by all threads. Source of the routes: {@code routes.txt} beside this class. */
public final class RouteTable {

    private static final String SOURCE = "routes.txt";

    private static final Route LIMITS =
            new Route("*", "v1/limits/**", "scheduler", Route.ADMINISTRATORS_ONLY, TenantRule.ANY);

    private static final Map<String, Route> HOLDFAST_READS = Map.of(
            "openapi.json", new Route("GET", "v1/openapi.json", Route.GATEWAY, null, TenantRule.OPEN),
            "producers", new Route("GET", "v1/producers/**", Route.GATEWAY, Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "limits", LIMITS,
            "cluster", new Route("GET", "v1/cluster/**", "cluster", Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "dead-letters",
                    new Route("GET", "v1/dead-letters/**", Route.GATEWAY, Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "events", new Route("GET", "v1/events/**", "scheduler", "event_list", TenantRule.TENANT),
            "executions", new Route("GET", "v1/executions/**", "scheduler", "execution_get", TenantRule.TENANT),
            "schedules", new Route("GET", "v1/schedules/**", "scheduler", "execution_schedule_get", TenantRule.TENANT),
            "restores", new Route("GET", "v1/restores/**", "restore", "snapshot_restore", TenantRule.ANY),
            "snapshots", new Route("GET", "v1/snapshots/**", "snapshot", "snapshot_get", TenantRule.ANY));

    private static final Map<String, Route> HOLDFAST_WRITES = Map.of(
            "producers", new Route("*", "v1/producers/**", Route.GATEWAY, Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "limits", LIMITS,
            "cluster", new Route("*", "v1/cluster/**", "cluster", Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "dead-letters",
                    new Route("*", "v1/dead-letters/**", Route.GATEWAY, Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "events", new Route("*", "v1/events/**", Route.GATEWAY, Route.ADMINISTRATORS_ONLY, TenantRule.ANY),
            "schedules", new Route("*", "v1/schedules/**", "scheduler", "execution_schedule_create", TenantRule.TENANT),
            "restores", new Route("*", "v1/restores/**", "restore", "snapshot_restore", TenantRule.ANY),
            "snapshots", new Route("*", "v1/snapshots/**", "snapshot", "snapshot_create", TenantRule.ANY));

    private static final String FILE_READ = "file_server_auth";

    /** The existing manager lets everybody write who may read; viewers had better not. */
    private static final String FILE_WRITE = "deployment_update";

    private static final Map<String, Template> FILES = Stream.of(
                    file("GET", "resources/deployments/{tenant}/{id}", FILE_READ, TenantRule.HEADER_OR_PATH),
                    file("PUT", "resources/deployments/{tenant}/{id}", FILE_WRITE, TenantRule.HEADER_OR_PATH),
                    file("DELETE", "resources/deployments/{tenant}/{id}", FILE_WRITE, TenantRule.HEADER_OR_PATH),
                    file("GET", "resources/blueprints/{tenant}/{id}", FILE_READ, TenantRule.HEADER_OR_PATH),
                    file("GET", "resources/uploaded-blueprints/{tenant}/{id}", FILE_READ, TenantRule.HEADER_OR_PATH),
                    file("GET", "resources/plugins/{id}", FILE_READ, TenantRule.TENANT))
            .collect(Collectors.toMap(route -> route.template().split("/")[1], Template::of, Template::and));

    private static Route file(String method, String template, String permission, TenantRule rule) {
        return new Route(method, template, "inventory", permission, rule);
    }

    private final Map<String, List<Template>> byFirstSegment;

    private RouteTable(Map<String, List<Template>> byFirstSegment) {
        this.byFirstSegment = byFirstSegment;
    }

    /** The table that the product ships. */
    public static RouteTable shipped() {
        try (InputStream in = Objects.requireNonNull(RouteTable.class.getResourceAsStream(SOURCE), SOURCE);
                BufferedReader reader = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return of(reader.lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + SOURCE, e);
        }
    }

    /** @param lines as in {@code routes.txt} */
    static RouteTable of(List<String> lines) {
        Map<String, Template> byPath = new LinkedHashMap<>();
        for (String line : lines) {
            if (line.isBlank() || line.startsWith("#")) {
                continue;
            }
            String[] words = line.trim().split("\\s+");
            if (words.length != 5) {
                throw new IllegalArgumentException("a route needs five words: " + line);
            }
            String permission = words[3].equals("-") ? null : words[3];
            TenantRule rule = TenantRule.valueOf(words[4].toUpperCase(Locale.ROOT));
            if (rule == TenantRule.BODY && !words[2].equals(Route.GATEWAY)) {
                throw new IllegalArgumentException("only the gateway's resources read a tenant in a body: " + line);
            }
            Route route = new Route(words[0], words[1], words[2], permission, rule);
            Template template = byPath.computeIfAbsent(shapeOf(words[1]), shape -> new Template(words[1]));
            if (template.routes.put(route.method(), route) != null) {
                throw new IllegalArgumentException("two routes for one thing: " + line);
            }
        }
        Map<String, List<Template>> byFirstSegment = new LinkedHashMap<>();
        for (Template template : byPath.values()) {
            byFirstSegment
                    .computeIfAbsent(template.segments.get(0), first -> new ArrayList<>())
                    .add(template);
        }
        byFirstSegment.values().forEach(Collections::sort);
        return new RouteTable(byFirstSegment);
    }

    // `tenants/{tenant}` and `tenants/{name}` are one URL.
    private static String shapeOf(String template) {
        return template.replaceAll("\\{[^}]*}", "{}");
    }

    /** @param method upper case; HEAD is answered wherever GET is */
    public RouteMatch match(String method, ApiPath path) {
        String asked = method.equals("HEAD") ? "GET" : method;
        return switch (path.dialect()) {
            case HOLDFAST -> matchOwnApi(asked, path);
            case FILES -> matchFile(asked, path);
            case MANAGER -> matchManagerApi(asked, path);
        };
    }

    /** Whatever is below the thing that the template names is its file. */
    private static RouteMatch matchFile(String method, ApiPath path) {
        List<String> segments = path.segments();
        Template template = segments.size() < 2 ? null : FILES.get(segments.get(1));
        if (template == null || segments.size() < template.segments.size()) {
            return new RouteMatch.NoSuchUrl();
        }
        Route route = template.routes.get(method);
        if (route == null) {
            return new RouteMatch.WrongMethod(template.methods());
        }
        return RouteMatch.Matched.of(
                route,
                internal(route, path.encoded()),
                template.parameters(segments.subList(0, template.segments.size())));
    }

    private RouteMatch matchManagerApi(String method, ApiPath path) {
        List<Template> candidates = byFirstSegment.get(path.segments().get(0));
        if (candidates == null) {
            return new RouteMatch.NoSuchUrl();
        }
        for (Template template : candidates) {
            if (template.fits(path.segments())) {
                Route route = template.routes.get(method);
                if (route == null) {
                    return new RouteMatch.WrongMethod(template.methods());
                }
                return RouteMatch.Matched.of(
                        route, internal(route, path.encoded()), template.parameters(path.segments()));
            }
        }
        return unlisted(candidates.get(0), path);
    }

    /** Below a service's segment there may be more than the table knows; only administrators find out. */
    private static RouteMatch unlisted(Template sibling, ApiPath path) {
        String service = sibling.routes.values().iterator().next().service();
        if (service.equals(Route.GATEWAY)) {
            return new RouteMatch.NoSuchUrl();
        }
        Route route =
                new Route("*", path.segments().get(0) + "/**", service, Route.ADMINISTRATORS_ONLY, TenantRule.ANY);
        return RouteMatch.Matched.of(route, internal(route, path.encoded()), Map.of());
    }

    private static RouteMatch matchOwnApi(String method, ApiPath path) {
        Map<String, Route> routes = method.equals("GET") ? HOLDFAST_READS : HOLDFAST_WRITES;
        Route route = routes.get(path.segments().get(0));
        return route == null
                ? new RouteMatch.NoSuchUrl()
                : RouteMatch.Matched.of(route, internal(route, "v1/" + path.encoded()), Map.of());
    }

    private static String internal(Route route, String encodedPath) {
        return "/internal/" + route.service() + "/" + encodedPath;
    }

    /** The routes of our own API, by first segment and by whether they read. */
    public static List<Route> holdfastRoutes() {
        return Stream.concat(HOLDFAST_READS.values().stream(), HOLDFAST_WRITES.values().stream())
                .distinct()
                .sorted(Comparator.comparing(Route::template).thenComparing(Route::method))
                .toList();
    }

    /** The routes of the file server, without what follows of their paths. */
    public static List<Route> fileRoutes() {
        return FILES.values().stream()
                .flatMap(template -> template.routes.values().stream())
                .sorted(Comparator.comparing(Route::template).thenComparing(Route::method))
                .toList();
    }

    /** Every route that the table names. */
    public List<Route> routes() {
        return byFirstSegment.values().stream()
                .flatMap(List::stream)
                .flatMap(template -> template.routes.values().stream())
                .toList();
    }

    private static final class Template implements Comparable<Template> {
        private final List<String> segments;
        private final Map<String, Route> routes = new LinkedHashMap<>();

        Template(String template) {
            this.segments = List.of(template.split("/"));
        }

        static Template of(Route route) {
            Template template = new Template(route.template());
            template.routes.put(route.method(), route);
            return template;
        }

        Template and(Template other) {
            routes.putAll(other.routes);
            return this;
        }

        boolean fits(List<String> path) {
            if (path.size() != segments.size()) {
                return false;
            }
            for (int i = 0; i < path.size(); i++) {
                if (!isParameter(segments.get(i)) && !segments.get(i).equals(path.get(i))) {
                    return false;
                }
            }
            return true;
        }

        Map<String, String> parameters(List<String> path) {
            Map<String, String> parameters = new LinkedHashMap<>();
            for (int i = 0; i < path.size(); i++) {
                // Each method has its own name for the same segment; all of them are given.
                for (Route route : routes.values()) {
                    String segment = route.template().split("/")[i];
                    if (isParameter(segment)) {
                        parameters.put(segment.substring(1, segment.length() - 1), path.get(i));
                    }
                }
            }
            return parameters;
        }

        Set<String> methods() {
            return new TreeSet<>(routes.keySet());
        }

        private static boolean isParameter(String segment) {
            return segment.startsWith("{");
        }

        /** Words before parameters, from the left, so that the first that fits is the most specific. */
        @Override
        public int compareTo(Template other) {
            int common = Math.min(segments.size(), other.segments.size());
            for (int i = 0; i < common; i++) {
                int order = Boolean.compare(isParameter(segments.get(i)), isParameter(other.segments.get(i)));
                if (order != 0) {
                    return order;
                }
            }
            return Integer.compare(segments.size(), other.segments.size());
        }
    }
}
