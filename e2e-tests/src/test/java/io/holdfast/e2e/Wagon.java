package io.holdfast.e2e;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The smallest plugin that can be uploaded. */
final class Wagon {

    private Wagon() {}

    /** Without any wheel. */
    static byte[] of(String packageName) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            zip.putNextEntry(new ZipEntry(packageName + "/package.json"));
            zip.write(("{\"package_name\": \"" + packageName + "\", \"package_version\": \"1.0\", \"archive_name\": \""
                            + packageName + "-1.0-py311-none-linux_x86_64.wgn\", \"wheels\": []}")
                    .getBytes(StandardCharsets.UTF_8));
        }
        return bytes.toByteArray();
    }
}
