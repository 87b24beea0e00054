package io.holdfast.gateway.manager.rest;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.holdfast.contracts.errors.ErrorCode;
import io.holdfast.contracts.errors.ManagerException;
import io.holdfast.gateway.access.rest.JsonBody;
import io.holdfast.gateway.manager.DatabaseProbe;
import io.holdfast.gateway.manager.app.FindBrokers;
import io.holdfast.gateway.manager.app.FindBrokers.Broker;
import io.holdfast.gateway.manager.app.FindClusterHealth;
import io.holdfast.gateway.manager.app.FindClusterHealth.Member;
import io.holdfast.http.ApiTime;
import io.holdfast.http.CurrentCaller;
import io.holdfast.listing.ListRequest;
import io.holdfast.listing.Listing;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** What the manager says of itself: version, nodes, licence. Source: cloudify-api sections 15 and 16; ADR 0007 for the version. */
@Path("/internal/gateway")
@Produces(MediaType.APPLICATION_JSON)
@Blocking
public class ManagerResource {

    /** The version of the manager API that is served; clients choose their ways by it. ADR 0007. */
    static final String API_VERSION = "7.1.0";

    /** Makes the client ask for the licence before uploads, and offer all its verbs. ADR 0007. */
    static final String EDITION = "premium";

    private final FindClusterHealth cluster;
    private final FindBrokers brokers;
    private final CurrentCaller caller;
    private final DatabaseProbe database;
    private final ObjectMapper json;
    private final String productVersion;

    public ManagerResource(
            FindClusterHealth cluster,
            FindBrokers brokers,
            CurrentCaller caller,
            DatabaseProbe database,
            ObjectMapper json,
            @ConfigProperty(name = "quarkus.application.version", defaultValue = "unknown") String productVersion) {
        this.cluster = cluster;
        this.brokers = brokers;
        this.caller = caller;
        this.database = database;
        this.json = json;
        this.productVersion = productVersion;
    }

    @GET
    @Path("/version")
    public ObjectNode version(@Context UriInfo uri) {
        ObjectNode version = json.createObjectNode()
                .put("edition", EDITION)
                .put("version", API_VERSION)
                .putNull("build")
                .putNull("date")
                .putNull("commit")
                .put("distribution", System.getProperty("os.name"))
                .put("distro_release", System.getProperty("os.version"))
                .put("product", "Holdfast")
                .put("product_version", productVersion);
        return ListRequest.parseGet(uri.getQueryParameters()).only(version);
    }

    @GET
    @Path("/ok")
    public Response ok() {
        boolean fine = database.answers();
        return Response.status(fine ? 200 : 500)
                .entity(json.getNodeFactory().textNode(fine ? "OK" : "FAIL"))
                .build();
    }

    @GET
    @Path("/managers")
    public ObjectNode managers(@Context UriInfo uri) {
        String wanted = uri.getQueryParameters().getFirst("hostname");
        List<Member> members = cluster.members();
        List<ObjectNode> managers = new ArrayList<>();
        for (int i = 0; i < members.size(); i++) {
            if (wanted == null || wanted.equals(members.get(i).name())) {
                managers.add(manager(i, members.get(i)));
            }
        }
        return list(uri, managers);
    }

    private ObjectNode manager(int id, Member member) {
        ObjectNode manager = json.createObjectNode()
                .put("id", id)
                .put("hostname", member.name())
                .put("private_ip", member.address())
                .put("public_ip", member.address())
                .put("version", API_VERSION)
                .put("edition", EDITION)
                .put("distribution", System.getProperty("os.name"))
                .put("distro_release", System.getProperty("os.version"))
                .putNull("fs_sync_node_id");
        manager.putObject("networks").put("default", member.address());
        return manager.put("last_seen", ApiTime.formatOrNull(member.lastSeen()))
                .put("status_report_frequency", 5)
                .putNull("ca_cert_content");
    }

    @GET
    @Path("/brokers")
    public ObjectNode brokers(@Context UriInfo uri) {
        return list(
                uri, brokers.find(caller.identity()).stream().map(this::broker).toList());
    }

    private ObjectNode broker(Broker found) {
        ObjectNode broker = json.createObjectNode()
                .put("name", found.name())
                .put("host", found.host())
                .putNull("management_host")
                .put("port", found.port())
                .put("username", found.username())
                .put("password", found.password())
                .putNull("params");
        broker.putObject("networks").put("default", found.host());
        return broker.put("is_external", false).put("ca_cert_content", found.caCertificate());
    }

    @GET
    @Path("/db-nodes")
    public ObjectNode databaseNodes(@Context UriInfo uri) {
        boolean external = cluster.isDatabaseExternal();
        return list(
                uri,
                cluster.members().stream()
                        .map(member -> json.createObjectNode()
                                .put("name", member.name())
                                .put("host", member.address())
                                .put("is_external", external))
                        .toList());
    }

    /** Managers follow the nodes of their cluster by themselves: the one action there is has nothing left to do, and shows them. */
    @POST
    @Path("/db-nodes")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode updateDatabaseNodes(@Context UriInfo uri, InputStream body) {
        String action = JsonBody.parse(json, body).requiredText("action");
        if (!action.equals("update")) {
            throw new ManagerException(
                    ErrorCode.BAD_PARAMETERS,
                    "Invalid action: " + action + ", Valid action values are: ['update']",
                    "the nodes of a cluster are those of its configuration, see docs/cluster.md");
        }
        return databaseNodes(uri);
    }

    @GET
    @Path("/license")
    public ObjectNode license(@Context UriInfo uri) {
        return list(uri, List.of(license()));
    }

    /** Taken and not kept, so that scripts go on: there is nothing that a license would change. */
    @PUT
    @Path("/license")
    @Consumes(MediaType.WILDCARD)
    public ObjectNode uploadLicense(InputStream body) {
        return license();
    }

    /** There is none that could be removed, and the manager works on. */
    @DELETE
    @Path("/license")
    public void removeLicense() {}

    private ObjectNode license() {
        ObjectNode license = json.createObjectNode()
                .put("customer_id", "holdfast")
                .putNull("expiration_date")
                .put("license_edition", EDITION)
                .put("trial", false)
                .putNull("cloudify_version");
        license.putArray("capabilities");
        return license.put("expired", false);
    }

    @GET
    @Path("/license-check")
    public Response licenseCheck() {
        return text("OK");
    }

    /** Who uses the community edition is registered by it; our edition answers as the premium one. ADR 0007. */
    @POST
    @Path("/contacts")
    @Consumes(MediaType.WILDCARD)
    public void createContact(InputStream body) {
        throw new ManagerException(
                ErrorCode.COMMUNITY_ONLY, "This feature exists only in the community edition of Cloudify.", null);
    }

    @GET
    @Path("/idp")
    public Response identityProvider() {
        return text("local");
    }

    @GET
    @Path("/ldap")
    public Response ldap() {
        return text("disabled");
    }

    /** As of a manager of the existing product that cannot do it either. */
    @POST
    @Path("/ldap")
    @Consumes(MediaType.WILDCARD)
    public void setLdap(InputStream body) {
        throw new ManagerException(
                ErrorCode.METHOD_NOT_ALLOWED,
                "LDAP is not supported: users and their passwords are the manager's own",
                "`PUT /api/v3.1/users` makes users, `PUT /api/v3.1/tenants/users` gives them their roles");
    }

    private Response text(String word) {
        return Response.ok(json.getNodeFactory().textNode(word)).build();
    }

    private ObjectNode list(UriInfo uri, List<ObjectNode> items) {
        ListRequest request = ListRequest.parse(uri.getQueryParameters());
        ArrayNode array = json.createArrayNode();
        items.forEach(item -> array.add(request.only(item)));
        return Listing.envelope(array, items.size(), request.size(), request.offset());
    }
}
