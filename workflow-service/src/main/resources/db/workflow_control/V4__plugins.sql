-- Workers are told to install and remove plugins, which are of no execution.

ALTER TABLE ${schema}.bridge_letter
    ADD COLUMN on_behalf_of text,
    DROP CONSTRAINT bridge_letter_kind_check,
    ADD CONSTRAINT bridge_letter_kind_check
        CHECK (kind IN ('start', 'cancel', 'cancel_list', 'install_plugin', 'uninstall_plugin', 'hook'));
COMMENT ON COLUMN ${schema}.bridge_letter.execution_id IS 'or the plugin that it is about';
COMMENT ON COLUMN ${schema}.bridge_letter.on_behalf_of IS 'the user with whose rights the worker reaches plugins';
