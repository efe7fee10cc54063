SELECT 1;
-- +goose Up
-- +goose StatementBegin

-- +goose StatementEnd
-- +goose StatementBegin
