package io.holdfast.http;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentTest {

    @ParameterizedTest
    @CsvSource(quoteCharacter = '`', textBlock = """
            b1.tar.gz,          attachment; filename=b1.tar.gz
            a~b_c+d-e.zip,      attachment; filename=a~b_c+d-e.zip
            my blueprint.zip,   attachment; filename="my blueprint.zip"
            me@home.zip,        attachment; filename="me@home.zip"
            a";x.zip,           attachment; filename=a__x.zip
            """)
    void aNameHasQuotationMarksOnlyWhereItNeedsThem(String filename, String header) {
        assertThat(Attachment.named(filename)).isEqualTo(header);
    }
}
